/** A folder of the project, and what its files may import besides each other. */
export interface Room {
  readonly folder: string;
  /** What it holds, in one sentence. */
  readonly holds: string;
  /** Folders, or single files of folders from which nothing else may be imported. */
  readonly imports: readonly string[];
  /** Packages, as patterns of module names. */
  readonly packages: readonly string[];
}

const NODE = ['node:*', 'node:*/*'];
const SUBJECTS = ['entities', 'activities', 'files', 'ip_ranges', 'alerts', 'policies', 'apps', 'trigger'].map(
  (name) => `src/defender/${name}`,
);
const CONTRACTS = 'src/tool';
/** What the folders of src/defender may import of src/http: the client, not the layers behind it. */
const CLIENT = ['src/http/client.ts', 'src/http/undocumented_routes.ts'];

/**
 * The one table of which folder may import which: imports run down it, never up. The lint rules, the table in AGENTS.md
 * and the tests are made from it. A folder stands for itself, not for what is below it, unless `NESTED` names it.
 */
export const ROOMS: readonly Room[] = [
  {
    folder: 'src',
    holds: 'the first statement of the process',
    imports: ['src/cli'],
    packages: [],
  },
  {
    folder: 'src/cli',
    holds: 'the process: commands, help, signals, exit; puts the parts together for one tenant',
    imports: [
      'src/setup',
      'src/mcp',
      'src/mcp/transports',
      'src/mcp/transports/replicas',
      'src/mcp/transports/http',
      'src/mcp/transports/sign_in',
      'src/mcp/legacy',
      'src/mcp/modern',
      'src/redis',
      'src/watch',
      'src/entra',
      'src/call',
      'src/writes',
      'tools',
      'src/prompts',
      'src/resources',
      'src/defender/trigger/alert_feed.ts',
      'src/defender/trigger/delivery.ts',
      'src/defender/trigger/told.ts',
      'src/defender/alerts/watched_alerts.ts',
      'src/config',
      CONTRACTS,
      'src/http',
      'src/http/budget',
      'src/audit',
      'src/core',
      'src/emulator',
    ],
    packages: NODE,
  },
  {
    folder: 'src/demo',
    holds: 'one triage by a real client',
    imports: ['src/setup'],
    packages: [...NODE, '@modelcontextprotocol/sdk/client/**', '@modelcontextprotocol/sdk/types.js'],
  },
  {
    folder: 'src/board',
    holds: 'the alert board, a page that a client shows beside answers: the one room that runs in a browser',
    imports: ['src/defender/alerts'],
    packages: ['preact', 'preact/hooks'],
  },
  {
    folder: 'src/setup',
    holds: 'how clients are told to start this server, and the dialogue that tells them',
    imports: ['src/config', 'src/core'],
    packages: [...NODE, 'jsonc-parser'],
  },
  {
    folder: 'src/mcp/transports/replicas',
    holds: 'any replica takes any request of an HTTP session; the one that holds the session answers it',
    imports: ['src/mcp/transports/http', 'src/mcp', 'src/redis', 'src/config', CONTRACTS, 'src/core'],
    packages: [...NODE, 'zod'],
  },
  {
    folder: 'src/mcp/transports/http',
    holds: 'the HTTP door: sessions, their streams, what a request may ask for',
    imports: [
      'src/mcp/transports/sign_in',
      'src/mcp/transports/value_transport.ts',
      'src/mcp/legacy',
      'src/mcp/modern',
      'src/mcp',
      'src/config',
      CONTRACTS,
      'src/core',
    ],
    packages: [...NODE, '@modelcontextprotocol/sdk/**', 'hono', 'hono/*', '@hono/node-server'],
  },
  {
    folder: 'src/mcp/transports/sign_in',
    holds: 'who calls over HTTP: API keys, access tokens',
    imports: ['src/config', CONTRACTS, 'src/core'],
    packages: [...NODE, 'jose'],
  },
  {
    folder: 'src/mcp/transports',
    holds: 'how messages arrive and leave: stdio',
    imports: ['src/mcp/legacy', 'src/mcp/modern', 'src/mcp', 'src/core'],
    packages: [...NODE, '@modelcontextprotocol/sdk/**'],
  },
  {
    folder: 'src/mcp/legacy',
    holds: 'the protocol up to revision 2025-11-25, by SDK v1: sessions, questions to a person while a call waits',
    imports: ['src/mcp', CONTRACTS],
    packages: ['zod', '@modelcontextprotocol/sdk/**'],
  },
  {
    folder: 'src/mcp/modern',
    holds: 'the protocol of revision 2026-07-28: requests that each stand alone, without an SDK',
    imports: ['src/mcp', CONTRACTS],
    packages: [],
  },
  {
    folder: 'src/mcp',
    holds: 'what clients can ask for, whatever the revision of their protocol: tools, resources, prompts',
    imports: ['src/call', CONTRACTS, 'src/core'],
    packages: ['zod'],
  },
  {
    folder: 'src/redis',
    holds: 'what the processes of a tenant share over Redis: call budget, codes, polls, sessions',
    imports: ['src/watch', 'src/writes', 'src/config', CONTRACTS, 'src/http/budget', 'src/core'],
    packages: [...NODE, 'zod', 'ioredis'],
  },
  {
    folder: 'src/watch',
    holds: 'one poll for everyone who waits or subscribes',
    imports: [CONTRACTS, 'src/http/client.ts', 'src/core'],
    packages: [],
  },
  {
    folder: 'src/call',
    holds: 'dispatch: may it be called, are its arguments right, run it or carry out a write, log',
    imports: ['src/writes', 'src/config', CONTRACTS, 'src/core'],
    packages: [...NODE, 'zod'],
  },
  {
    folder: 'src/writes',
    holds: 'how every write comes about: plan, confirm, re-check, record, send once, read back',
    imports: ['src/config', CONTRACTS, 'src/http/client.ts', 'src/audit', 'src/text', 'src/core'],
    packages: ['node:crypto', 'node:fs/promises', 'node:path'],
  },
  {
    folder: 'tools',
    holds: 'what agents can call: one file an operation, and the register',
    imports: [...SUBJECTS, 'src/defender/shared', CONTRACTS, 'src/core/path.ts'],
    packages: ['zod'],
  },
  {
    folder: 'src/prompts',
    holds: 'plans for agents that people pick: one file each, and the register',
    imports: ['src/defender/alerts', CONTRACTS],
    packages: ['zod'],
  },
  {
    folder: 'src/resources',
    holds: 'what clients can read and subscribe to: one file each, and the register',
    imports: [...SUBJECTS, 'src/defender/shared', CONTRACTS, 'src/core'],
    packages: ['zod', 'node:fs'],
  },
  ...SUBJECTS.toReversed().map((folder) => ({
    folder,
    holds: `requests about ${folder.replace(/^.*\//, '')}: wire record, output record, mapping, text`,
    imports: [
      ...(/policies|trigger/.test(folder) ? ['src/defender/alerts'] : []),
      ...(folder.endsWith('alerts') ? ['src/defender/activities'] : []),
      ...(/activities|alerts|files/.test(folder) ? ['src/defender/entities'] : []),
      'src/defender/shared',
      CONTRACTS,
      ...CLIENT,
      'src/text',
      'src/core',
    ],
    packages: [
      'zod',
      ...(/trigger|activities/.test(folder) ? ['node:crypto'] : []),
      ...(folder.endsWith('ip_ranges') ? ['node:net'] : []),
    ],
  })),
  {
    folder: 'src/defender/shared',
    holds: 'what all requests share: paged lists, arguments, fields of wire records',
    imports: [CONTRACTS, ...CLIENT, 'src/text', 'src/core'],
    packages: ['zod', 'node:crypto', 'node:net'],
  },
  {
    folder: 'src/entra',
    holds: 'how this server signs in to the service by Entra: identities, tokens, permissions',
    imports: ['src/config', 'src/http', 'src/core'],
    packages: ['node:crypto', '@azure/msal-node'],
  },
  {
    folder: 'src/config',
    holds: 'settings: one table, read from flags and environment',
    imports: [CONTRACTS, 'src/http/undocumented_routes.ts', 'src/core'],
    packages: NODE,
  },
  {
    folder: 'src/tool',
    holds: 'the contracts: tool, plan, caller, resource, source, groups',
    imports: ['src/http/client.ts'],
    packages: ['zod'],
  },
  {
    folder: 'src/http/budget',
    holds: 'the call budget: one queue before a sliding window and an adaptive rate',
    imports: ['src/http', 'src/core'],
    packages: ['limiter'],
  },
  {
    folder: 'src/http',
    holds: 'one function, Send, and its layers: retry, budget, auth, send',
    imports: ['src/core'],
    packages: [...NODE, 'zod', 'undici', 'proxy-from-env'],
  },
  {
    folder: 'src/audit',
    holds: 'the audit trail as a hash chain, and its proof',
    imports: ['src/core'],
    packages: [...NODE, 'fs-native-extensions'],
  },
  {
    folder: 'src/text',
    holds: 'text of the tenant made harmless, and quoted',
    imports: [],
    packages: ['parse5'],
  },
  {
    folder: 'src/core',
    holds: 'errors, log, paths, suggestions, times, version',
    imports: [],
    packages: ['leven'],
  },
  {
    folder: 'src/emulator',
    holds: 'the service, emulated; imports nothing of the rest and no package',
    imports: [],
    packages: NODE,
  },
];

/** Rooms that include the folders below them. */
export const NESTED: ReadonlySet<string> = new Set(['src/emulator']);

/** Rooms whose files may be components, in TSX. */
export const COMPONENTS: ReadonlySet<string> = new Set(['src/board']);
