import { SETTINGS } from '../config/settings.ts';
import { meaningOf, type PackageFacts } from './package_facts.ts';

/** What a person is asked for: the address of the tenant, and the token, which the client keeps in the keychain. */
const ASKED = [
  { key: 'api_url', title: 'API URL', setting: SETTINGS.apiUrl },
  { key: 'api_token', title: 'API token', setting: SETTINGS.apiToken },
] as const;

/** How a client starts the package. @param reference how it writes the value of what it has asked for */
function launch(packageName: string, reference: (asked: (typeof ASKED)[number]) => string) {
  const env = Object.fromEntries(ASKED.map((asked) => [asked.setting.name, reference(asked)]));
  return { mdca: { command: 'npx', args: ['-y', packageName], env } };
}

/** `.claude-plugin/plugin.json`, by which Claude Code installs this server as a plugin. */
export function claudePlugin({ name, version, description, license, keywords }: PackageFacts): object {
  return {
    name,
    version,
    description,
    author: { name: `The ${name} authors` },
    license,
    keywords,
    userConfig: Object.fromEntries(
      ASKED.map(({ key, title, setting }) => [
        key,
        { type: 'string', title, description: meaningOf(setting), required: true, sensitive: setting.secret },
      ]),
    ),
    mcpServers: launch(name, ({ key }) => `\${user_config.${key}}`),
  };
}

/** `gemini-extension.json`, by which Gemini CLI installs this server as an extension. */
export function geminiExtension({ name, version, description }: PackageFacts): object {
  return {
    name,
    version,
    description,
    settings: ASKED.map(({ title, setting }) => ({
      name: title,
      description: meaningOf(setting),
      envVar: setting.name,
      sensitive: setting.secret,
    })),
    mcpServers: launch(name, ({ setting }) => `\${${setting.name}}`),
  };
}
