import { NAMES } from './names.ts';
import { compiled, HOME, PEERS, PRODUCT, RECORDING } from './paths.ts';
import type { Command } from './rpc.ts';
import { readJson } from './rpc.ts';

/** A server that is measured. */
export interface Subject extends Command {
  readonly name: string;
  readonly version: string;
  /** It is asked by requests of revision 2026-07-28, so nothing goes before `tools/list`. */
  readonly isModern?: boolean;
}

/** Calls a minute that lift the budget, which has a section of its own. */
const MANY = '1000000';

/** @param origin of the service */
export function ours(origin: string, env: Record<string, string> = {}): Subject {
  const tenant = { MDCA_API_URL: origin, MDCA_API_TOKEN: 'bench', MDCA_CALLS_PER_MINUTE: MANY };
  return { name: NAMES.ours, version: readJson('package.json').version, args: [PRODUCT], env: { ...tenant, ...env } };
}

export function oneTool(origin: string): Subject {
  return { ...ours(origin, { MDCA_TOOLS: 'mdca_get_open_alerts' }), name: NAMES.one };
}

export function modern(origin: string): Subject {
  return { ...ours(origin), name: NAMES.modern, isModern: true };
}

export function floor(origin: string): Subject {
  return { name: NAMES.floor, version: '', args: [compiled('floor'), RECORDING, origin] };
}

export function reader(origin: string): Subject {
  return { name: NAMES.reader, version: '', args: [compiled('reader'), RECORDING, origin] };
}

export function plain(origin: string): Subject {
  const version = readJson('node_modules/@modelcontextprotocol/sdk/package.json').version;
  return { name: NAMES.plain, version: `SDK ${version}`, args: [compiled('plain'), origin] };
}

/** How each public server is started: its file, arguments, and the variables that it needs before it lists. */
const STARTS: Readonly<Record<string, Command>> = {
  '@modelcontextprotocol/server-filesystem': { args: ['dist/index.js', HOME] },
  '@modelcontextprotocol/server-everything': { args: ['dist/index.js', 'stdio'] },
  '@notionhq/notion-mcp-server': { args: ['bin/cli.mjs'], env: { NOTION_TOKEN: 'ntn_dummy' } },
  '@playwright/mcp': { args: ['cli.js', '--headless'] },
  '@chkp/quantum-management-mcp': {
    args: ['dist/index.js'],
    env: { MANAGEMENT_HOST: '127.0.0.1', API_KEY: 'dummy', TELEMETRY_DISABLED: 'true' },
  },
  '@merill/lokka': { args: ['build/main.js'], env: { USE_CLIENT_TOKEN: 'true', ACCESS_TOKEN: 'dummy' } },
  '@softeria/ms-365-mcp-server': { args: ['dist/index.js'] },
  '@sentry/mcp-server': { args: ['dist/index.js'], env: { SENTRY_ACCESS_TOKEN: 'dummy' } },
  '@azure/mcp': { args: ['index.js', 'server', 'start'], env: { AZURE_MCP_COLLECT_TELEMETRY: 'false' } },
};

export function peers(): Subject[] {
  const versions: Record<string, string> = readJson(`${PEERS}/package.json`).dependencies;
  return Object.entries(STARTS).map(
    ([
      name,
      {
        args: [file, ...args],
        env = {},
      },
    ]) => ({
      name,
      version: versions[name] ?? '',
      args: [`${PEERS}/node_modules/${name}/${file}`, ...args],
      env,
    }),
  );
}
