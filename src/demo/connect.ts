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

/**
 * What to put into the configuration of each client, for the README and for the end of the demo. A tenant's URL and
 * token belong into the client's file or prompt, never into a file of this project.
 * @param script absolute path of this server's main.js
 */
export function connections(script: string): Connection[] {
  const env = { MDCA_API_URL: 'https://contoso.us2.portal.cloudappsecurity.com', MDCA_API_TOKEN: 'your API token' };
  const server = { command: 'node', args: [script] };
  const prompt = {
    type: 'promptString',
    id: 'mdca-token',
    description: 'Defender for Cloud Apps API token',
    password: true,
  };
  return [
    {
      client: 'Claude Desktop',
      place: 'Settings, Developer, Edit Config (claude_desktop_config.json)',
      language: 'json',
      text: json({ mcpServers: { mdca: { ...server, env } } }),
    },
    {
      client: 'Claude Code',
      place: 'a shell',
      language: 'sh',
      text: [
        `claude mcp add mdca -e MDCA_API_URL=${env.MDCA_API_URL}`,
        `-e ${TOKEN}="$${TOKEN}" -- node "${script}"`,
      ].join(' '),
    },
    {
      client: 'VS Code',
      place: '.vscode/mcp.json',
      language: 'json',
      text: json({
        inputs: [prompt],
        servers: { mdca: { type: 'stdio', ...server, env: { ...env, MDCA_API_TOKEN: `\${input:${prompt.id}}` } } },
      }),
    },
    {
      client: 'Cursor',
      place: '~/.cursor/mcp.json, or .cursor/mcp.json in a project',
      language: 'json',
      text: json({ mcpServers: { mdca: { ...server, env: { ...env, MDCA_API_TOKEN: `\${env:${TOKEN}}` } } } }),
    },
  ];
}
