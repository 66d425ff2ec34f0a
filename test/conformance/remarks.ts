/** Scenarios that ask for what this server does not have, so that their failures say nothing; and why. */
export const notApplicable: Readonly<Record<string, string>> = {
  'http-custom-header-server-validation':
    'It needs a tool with an argument that clients repeat in a header (`x-mcp-header`); no tool here has one.',
};

/** Checks that neither pass nor fail, each as `scenario check`, and why. */
export const remarks: Readonly<Record<string, string>> = {
  'server-stateless sep-2575-server-sends-prompts-list-changed-on-subscription':
    'The list of prompts never changes, so the server does not declare that it would tell.',
  'server-stateless sep-2575-server-sends-tools-list-changed-on-subscription':
    'The list of tools never changes, so the server does not declare that it would tell.',
  'server-sse-polling server-sse-retry-field':
    'It would say when to come back after the server has closed a stream early; this server closes none early.',
};
