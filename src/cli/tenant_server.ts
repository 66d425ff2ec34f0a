import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { selectTools } from '../call/select_tools.ts';
import type { Config, Tenant } from '../config/config.ts';
import type { Log } from '../core/log.ts';
import { VERSION } from '../core/version.ts';
import { createMcpServers } from '../mcp/server.ts';
import type { SessionFacts } from '../mcp/session.ts';
import type { App } from './app.ts';
import { promptList } from './prompt_list.ts';
import { orExit } from './refuse.ts';
import { resourceList } from './resource_list.ts';
import { toolList } from './tool_list.ts';

/** MCP servers that list at once, and the app behind it, which is loaded when it is first needed. */
export interface TenantServer {
  readonly tenant: Tenant;
  readonly log: Log;
  /** Creates the server of one session. */
  readonly createServer: (facts?: SessionFacts) => Server;
  /** Loads the app once. */
  readonly app: () => Promise<App>;
  /** The app, if it has been asked for. */
  readonly opened: () => Promise<App> | undefined;
}

export function openTenant(config: Config, tenant: Tenant, log: Log, banner?: string): TenantServer {
  const allowed = orExit(selectTools(toolList, config), 'Configuration refused');
  if (allowed.size === 0) log.warn('MDCA_WRITES, MDCA_TOOLS and MDCA_EXCLUDE_TOOLS leave no tool');
  let opening: Promise<App> | undefined;
  const app = () => {
    opening ??= loadApp(config, tenant, allowed, log);
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
  return { tenant, log, createServer: createMcpServers(options), app, opened: () => opening };
}

async function loadApp(config: Config, tenant: Tenant, allowed: ReadonlySet<string>, log: Log): Promise<App> {
  const [{ createApp }, tools, resources, prompts, { keepHeapSmall }] = await Promise.all([
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
  const team = config.redis && (await (await import('./join_team.ts')).joinTeam(config, config.redis, tenant, log));
  const app = createApp({ config, tenant, ...registers, allowed, log, ...team });
  void app.checkTrail();
  return app;
}
