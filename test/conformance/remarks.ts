/** Scenarios that ask for what this server does not have, so that their failures say nothing; and why. */
export const notApplicable: Readonly<Record<string, string>> = {};

/** Checks that neither pass nor fail, each as `scenario check`, and why. */
export const remarks: Readonly<Record<string, string>> = {
  'server-sse-polling server-sse-retry-field':
    'It would say when to come back after the server has closed a stream early; this server closes none early.',
};
