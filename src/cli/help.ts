import { AZURE_SETTINGS } from '../config/entra_settings.ts';
import { flagOf, settings } from '../config/settings.ts';

/** One row of the help and of the table in docs/settings.md. */
export interface SettingRow {
  readonly name: string;
  /** Empty for a secret, which has no flag. */
  readonly flag: string;
  readonly fallback: string;
  readonly description: string;
}

export const settingRows: readonly SettingRow[] = [...settings, ...Object.values(AZURE_SETTINGS)].map((setting) => {
  const { name, fallback, description, secret } = setting;
  return { name, flag: secret ? '' : `--${flagOf(setting)}`, fallback: String(fallback ?? ''), description };
});

/** What `--help` prints. */
export function helpText(): string {
  const rows = settingRows.map(({ name, flag, fallback, description }) => {
    const facts = [flag, fallback && `default ${fallback}`].filter(Boolean).join(', ');
    return `  ${name}${facts ? ` (${facts})` : ''}\n      ${description}`;
  });
  return `Microsoft Defender for Cloud Apps for AI agents, as an MCP server.

Usage: defender-cloud-apps-mcp [command] [flags]

Commands:
  serve      (default) MCP over stdio, or over HTTP with --http, for the tenant of the environment
  setup      asks for URL and token, checks them, and writes them into the file of a client
  check      one cheap read: tells whether URL, token and permissions work
  emulator   an emulator of the service alone, for your own tests
  verify-audit FILE
             proves that an audit trail is whole, or names the first line that is not

Flags:
  --demo     serve an emulated tenant instead of a real one; needs no settings
  --client NAME
             the client to set up: claude-desktop, claude-code, vscode or cursor
  --print    setup only prints what a client's file is to hold
  --yes      setup writes without a question
  --port N   port of the emulator (default: any free one)
  --help, --version

Settings, as environment variables or flags (flags win):
${rows.join('\n')}
`;
}
