import type { Setting } from '../config/kinds.ts';
import { SETTINGS } from '../config/settings.ts';
import { isRequired, meaningOf, type PackageFacts, TITLE } from './package_facts.ts';

/** Where the host of a bundle has put its files. */
const HERE = `\${__dirname}`;

/** All but the token's file: the host keeps the token itself in the keychain of the system. */
const ASKED: readonly Setting[] = Object.values(SETTINGS).filter((setting) => setting !== SETTINGS.apiTokenFile);

/** The manifest of the MCP bundle (version 0.3 of its format). @param tools as they are listed */
export function bundleManifest(
  { name, version, description, license, keywords, engines }: PackageFacts,
  tools: readonly { readonly name: string; readonly description: string }[],
): object {
  return {
    manifest_version: '0.3',
    name,
    display_name: TITLE,
    version,
    description,
    author: { name: `The ${name} authors` },
    license,
    keywords,
    server: {
      type: 'node',
      entry_point: 'dist/main.js',
      mcp_config: {
        command: 'node',
        args: [`${HERE}/dist/main.js`],
        env: Object.fromEntries(ASKED.map((setting) => [setting.name, `\${user_config.${keyOf(setting)}}`])),
      },
    },
    tools: tools.map((tool) => ({ name: tool.name, description: tool.description })),
    user_config: Object.fromEntries(ASKED.map((setting) => [keyOf(setting), toField(setting)])),
    compatibility: { platforms: ['darwin', 'win32', 'linux'], runtimes: { node: engines.node } },
    privacy_policies: ['https://www.microsoft.com/privacy/privacystatement'],
  };
}

/** A field of the form that the host shows. The server checks what is put in, as it does elsewhere. */
function toField(setting: Setting): object {
  const { fallback, secret } = setting;
  const isNumber = typeof fallback === 'number';
  return {
    type: isNumber ? 'number' : 'string',
    title: titleOf(setting),
    description: meaningOf(setting),
    required: isRequired(setting),
    ...(secret && { sensitive: true }),
    ...((isNumber || typeof fallback === 'string') && { default: fallback }),
  };
}

/** `MDCA_API_URL` to `api_url` */
function keyOf({ name }: Setting): string {
  return name.replace('MDCA_', '').toLowerCase();
}

/** `MDCA_CALLS_PER_MINUTE` to `Calls per minute` */
function titleOf(setting: Setting): string {
  const words = keyOf(setting)
    .replaceAll('_', ' ')
    .replace(/\b(?:api|url)\b/g, (word) => word.toUpperCase());
  return words.charAt(0).toUpperCase() + words.slice(1);
}
