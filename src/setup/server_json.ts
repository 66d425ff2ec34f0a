import type { Setting } from '../config/kinds.ts';
import { SETTINGS } from '../config/settings.ts';
import { defaultOf, isRequired, meaningOf, type PackageFacts, TITLE } from './package_facts.ts';

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json';
/** The registry takes at most 100 characters. */
const DESCRIPTION =
  'Triage alerts of Microsoft Defender for Cloud Apps: investigate, close, tag apps, with confirmation.';

/** The entry of this server in the MCP registry, `server.json`. */
export function serverJson({ name, mcpName, version }: PackageFacts): object {
  return {
    $schema: SCHEMA,
    name: mcpName,
    title: TITLE,
    description: DESCRIPTION,
    version,
    packages: [
      {
        registryType: 'npm',
        registryBaseUrl: 'https://registry.npmjs.org',
        identifier: name,
        version,
        runtimeHint: 'npx',
        transport: { type: 'stdio' },
        environmentVariables: Object.values(SETTINGS).map(toVariable),
      },
    ],
  };
}

function toVariable(setting: Setting): object {
  const fallback = defaultOf(setting);
  return {
    name: setting.name,
    description: meaningOf(setting),
    format: typeof setting.fallback === 'number' ? 'number' : 'string',
    ...(isRequired(setting) && { isRequired: true }),
    ...(setting.secret && { isSecret: true }),
    ...(fallback !== undefined && { default: fallback }),
  };
}
