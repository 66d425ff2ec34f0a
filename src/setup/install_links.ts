import { CLIENTS, entryOf } from './clients.ts';
import { TOKEN_PROMPT } from './connections.ts';

/** A link that adds this server to a client. */
export interface InstallLink {
  readonly client: string;
  /** What the client itself opens. */
  readonly link: string;
  /** A page that opens it, because many sites show no links to programs. */
  readonly page: string;
}

const URL_PROMPT = {
  type: 'promptString',
  id: 'mdca-url',
  description: 'Defender for Cloud Apps API URL',
};

/** How Cursor writes a variable of the environment. */
const variable = (name: string) => `\${env:${name}}`;

/** @param packageName as npm knows it */
export function installLinks(packageName: string): InstallLink[] {
  const { vsCode, cursor } = CLIENTS;
  const launch = (url: string, token: string) => ({
    command: 'npx',
    args: ['-y', packageName],
    env: { MDCA_API_URL: url, MDCA_API_TOKEN: token },
  });
  const asked = launch(`\${input:${URL_PROMPT.id}}`, `\${input:${TOKEN_PROMPT.id}}`);
  const code = { name: 'mdca', inputs: [URL_PROMPT, TOKEN_PROMPT], ...entryOf(vsCode, asked) };
  const link = `vscode:mcp/install?${encodeURIComponent(JSON.stringify(code))}`;
  const entry = entryOf(cursor, launch(variable('MDCA_API_URL'), variable('MDCA_API_TOKEN')));
  const config = encodeURIComponent(Buffer.from(JSON.stringify(entry)).toString('base64'));
  return [
    { client: vsCode.title, link, page: `https://insiders.vscode.dev/redirect?url=${encodeURIComponent(link)}` },
    {
      client: cursor.title,
      link: `cursor://anysphere.cursor-deeplink/mcp/install?name=mdca&config=${config}`,
      page: `https://cursor.com/en/install-mcp?name=mdca&config=${config}`,
    },
  ];
}
