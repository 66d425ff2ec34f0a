import { blockOf, CLIENTS } from './clients.ts';

/** How one MCP client is told to start this server. */
export interface Connection {
  readonly client: string;
  /** Where the text goes. */
  readonly place: string;
  readonly language: 'json' | 'sh';
  readonly text: string;
}

const TOKEN = 'MDCA_API_TOKEN';

const json = (value: object) => JSON.stringify(value, null, 2);

/** VS Code asks for it at the first start, and keeps it in the keychain of the system. */
export const TOKEN_PROMPT = {
  type: 'promptString',
  id: 'mdca-token',
  description: 'Defender for Cloud Apps API token',
  password: true,
};

/**
 * What to put into the configuration of each client, for the README and for the end of the demo. A tenant's URL and
 * token belong into the client's file or prompt, never into a file of this project.
 * @param script absolute path of this server's main.js
 */
export function connections(script: string): Connection[] {
  const { claudeDesktop, claudeCode, vsCode, cursor } = CLIENTS;
  const url = { MDCA_API_URL: 'https://contoso.us2.portal.cloudappsecurity.com' };
  const launch = (token: string) => ({ command: 'node', args: [script], env: { ...url, [TOKEN]: token } });
  return [
    {
      client: claudeDesktop.title,
      place: 'Settings, Developer, Edit Config (claude_desktop_config.json)',
      language: 'json',
      text: json(blockOf(claudeDesktop, 'mdca', launch('your API token'))),
    },
    {
      client: claudeCode.title,
      place: 'a shell',
      language: 'sh',
      text: [
        `claude mcp add mdca -e MDCA_API_URL=${url.MDCA_API_URL}`,
        `-e ${TOKEN}="$${TOKEN}" -- node "${script}"`,
      ].join(' '),
    },
    {
      client: vsCode.title,
      place: '.vscode/mcp.json',
      language: 'json',
      text: json({ inputs: [TOKEN_PROMPT], ...blockOf(vsCode, 'mdca', launch(`\${input:${TOKEN_PROMPT.id}}`)) }),
    },
    {
      client: cursor.title,
      place: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
      language: 'json',
      text: json(blockOf(cursor, 'mdca', launch(`\${env:${TOKEN}}`))),
    },
  ];
}
