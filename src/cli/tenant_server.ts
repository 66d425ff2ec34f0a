import { selectTools } from '../call/select_tools.ts';
import type { Checked, Config, Tenant } from '../config/config.ts';
import { readSmallText } from '../config/small_file.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { VERSION } from '../core/version.ts';
import { createMethods, type Methods } from '../mcp/methods.ts';
import type { App, AppOptions } from './app.ts';
import { promptList } from './prompt_list.ts';
import { orExit } from './refuse.ts';
import { resourceList } from './resource_list.ts';
import { toolList } from './tool_list.ts';

/** MCP servers that list at once, and the app behind it, which is loaded when it is first needed. */
export interface TenantServer {
  readonly tenant: Tenant;
  readonly log: Log;
  /** Absent over stdio. */
  readonly metrics?: Metrics | undefined;
  readonly methods: Methods;
  /** From MDCA_SIGNING_KEY_FILE, if that is set. */
  readonly signingKey: Buffer | undefined;
  /** Loads the app once. */
  readonly app: () => Promise<App>;
  /** The app, if it has been asked for. */
  readonly opened: () => Promise<App> | undefined;
}

export interface Surroundings {
  readonly log: Log;
  readonly banner?: string;
  readonly metrics?: Metrics | undefined;
}

export function openTenant(config: Config, tenant: Tenant, { log, banner, metrics }: Surroundings): TenantServer {
  const allowed = orExit(selectTools(toolList, config), 'Configuration refused');
  if (allowed.size === 0) log.warn('MDCA_WRITES, MDCA_TOOLS and MDCA_EXCLUDE_TOOLS leave no tool');
  const signingKey = orExit(readKey('MDCA_SIGNING_KEY_FILE', config.signingKeyFile), 'Configuration refused');
  let opening: Promise<App> | undefined;
  const app = () => {
    opening ??= loadApp({ config, tenant, allowed, signingKey, log, metrics });
    return opening;
  };
  const options = {
    version: VERSION,
    tools: toolList,
    allowed,
    resources: resourceList,
    prompts: promptList,
    banner,
    service: app,
  };
  return { tenant, log, metrics, methods: createMethods(options), signingKey, app, opened: () => opening };
}

async function loadApp(options: Omit<AppOptions, 'tools' | 'resources' | 'prompts'>): Promise<App> {
  const [{ createApp, warnOfTrail }, tools, resources, prompts, { keepHeapSmall }] = await Promise.all([
    import('./app.ts'),
    import('../../tools/index.ts'),
    import('../resources/index.ts'),
    import('../prompts/index.ts'),
    import('./heap.ts'),
  ]);
  keepHeapSmall();
  const registers = {
    tools: Object.values(tools),
    resources: Object.values(resources),
    prompts: Object.values(prompts),
  };
  const { config, tenant, log } = options;
  const shared = config.redis && (await (await import('./join_team.ts')).joinTeam(config, config.redis, tenant, log));
  const app = createApp({ ...options, ...registers, shared });
  void app.trailFault().then((fault) => fault && warnOfTrail(fault, log));
  return app;
}

/** In characters, as the length of a SHA-256 value. */
const MIN_KEY = 32;

/** Reads a key or a secret that an operator has made. @returns undefined if there is no file */
export function readKey(name: string, file: string | undefined): Checked<Buffer | undefined> {
  if (file === undefined) return { value: undefined };
  try {
    const key = readSmallText(file).trim();
    if (key.length >= MIN_KEY) return { value: Buffer.from(key) };
    return { problems: [`${name} must hold at least ${MIN_KEY} characters.`] };
  } catch (error) {
    const why = error instanceof RangeError ? error.message : 'names a file that cannot be read';
    return { problems: [`${name} ${why}.`] };
  }
}
