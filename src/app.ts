import { setTimeout as delay } from 'node:timers/promises';
import { createTrail } from './audit/trail.ts';
import { type Answer, createCorridor } from './call.ts';
import type { Caller } from './caller.ts';
import type { Config, Tenant } from './config/config.ts';
import { isLoopback } from './config/tenant_url.ts';
import { openAlerts, readAlert } from './defender/alerts.ts';
import { toFault } from './errors.ts';
import { type Binding, compose, createApi, readOnly } from './http/api.ts';
import { createAuth } from './http/auth.ts';
import { createBudget } from './http/budget.ts';
import { createRetry } from './http/retry.ts';
import { createRoutes } from './http/routes.ts';
import { createSender } from './http/send.ts';
import { createLive } from './live.ts';
import type { Log } from './log.ts';
import type { Service } from './mcp/server.ts';
import type { Tool } from './tool.ts';
import { createConduct } from './writes/conduct.ts';

export interface AppOptions {
  readonly config: Config;
  readonly tenant: Tenant;
  readonly tools: readonly Tool[];
  /** Names of the tools that may be run. */
  readonly allowed: ReadonlySet<string>;
  readonly log: Log;
}

/** The house, put together for one tenant: every session shares its budget and its connections. */
export interface App extends Service {
  /** One cheap read. @throws Fault */
  probe(signal: AbortSignal): Promise<Answer>;
  /** Loads what the first call would have to wait for. */
  warmUp(): Promise<void>;
  /** Logs a warning where there is to be an audit trail and it cannot be written: no write will be carried out. */
  checkTrail(): Promise<void>;
  /** Resolves when no call is in flight, at the latest after `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function createApp(options: AppOptions): App {
  const { config, tenant, tools, allowed, log } = options;
  const { origin, token } = tenant;
  const proxy = !isLoopback(new URL(origin).hostname);
  const sender = createSender({ origin, timeoutMs: config.requestTimeoutMs, proxy });
  const layers = [createRetry(), createBudget(config.callsPerMinute), createAuth(token)];
  const send = compose(layers, sender.send);
  const routes = createRoutes(config.routes);
  const api = (binding: Binding) => createApi({ origin, send, routes, ...binding });
  const trail = config.auditFile === undefined ? undefined : createTrail(config.auditFile);
  const { call, drain } = createCorridor({
    isWithheld: (operation) => tools.some((tool) => tool === operation && !allowed.has(tool.name)),
    api: (caller) => ({ ...readOnly(api(caller)), feed: live.feed, signal: caller.signal }),
    conduct: createConduct({ mode: config.writes, tenant: origin, api, trail, log }),
    log,
  });
  const toolNamed = (name: string) => {
    const tool = tools.find((each) => each.name === name);
    if (!tool) throw new RangeError('there is no such tool');
    return tool;
  };
  const live = createLive({ call, interval: config.pollMs, clock: { sleep } });
  const resources = {
    openAlerts: (caller: Caller) => call(openAlerts, { limit: 20 }, caller),
    alert: (alert_id: string, caller: Caller) => call(readAlert, { alert_id }, caller),
    subscribe: live.subscribe,
  };
  return {
    call: (name, args, caller) => call(toolNamed(name), args, caller),
    resources,
    probe: (signal) => call(openAlerts, { limit: 1 }, { signal, progress: () => {} }),
    warmUp: () => sender.warmUp(),
    async checkTrail() {
      if (config.writes !== 'off')
        await trail?.check().catch((error) => log.warn('no write until mended', whyOf(error)));
    },
    drain,
    close: () => sender.close(),
  };
}

/** The sentence of a Fault is our own, so it may be logged. */
function whyOf(error: unknown): { code: string; detail: string } {
  const { code, detail } = toFault(error);
  return { code, detail };
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
