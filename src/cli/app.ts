import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTrail, type Trail } from '../audit/trail.ts';
import { checkArguments } from '../call/check_arguments.ts';
import { createDispatch } from '../call/dispatch.ts';
import type { Config, Tenant } from '../config/config.ts';
import { isLoopback } from '../config/tenant_url.ts';
import { toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createWithhold } from '../core/withhold.ts';
import { createAuth } from '../http/auth.ts';
import { createBudget } from '../http/budget/budget.ts';
import { createLocalGate } from '../http/budget/local_gate.ts';
import { createClient, type ServiceClient } from '../http/client.ts';
import { compose } from '../http/layers.ts';
import { createRetry } from '../http/retry.ts';
import { createSender, type Sender } from '../http/send.ts';
import { createRoutes } from '../http/undocumented_routes.ts';
import type { Service } from '../mcp/service.ts';
import type { Shared } from '../redis/shared.ts';
import type { Caller } from '../tool/caller.ts';
import type { Prompt } from '../tool/prompt.ts';
import type { Resource } from '../tool/resource.ts';
import type { Tool, ToolApi } from '../tool/tool.ts';
import { subscribe } from '../watch/subscriptions.ts';
import { createWatcher, type Watcher } from '../watch/watcher.ts';
import { createLocalStore } from '../writes/code_store.ts';
import { createWriteFlow } from '../writes/flow.ts';

export interface AppOptions {
  readonly config: Config;
  readonly tenant: Tenant;
  readonly tools: readonly Tool[];
  /** Names of the tools that may be run. */
  readonly allowed: ReadonlySet<string>;
  readonly resources: readonly Resource[];
  readonly prompts: readonly Prompt[];
  /** Signs what lets a write go on once a person has answered; without it a key is made, for this process alone. */
  readonly signingKey?: Buffer | undefined;
  readonly log: Log;
  /** What all processes of the tenant share. */
  readonly shared?: Shared | undefined;
}

/** All parts, put together for one tenant. All sessions share its call budget, its polls and its connections. */
export interface App extends Service {
  /** Loads what the first call would have to wait for. */
  warmUp(): Promise<void>;
  /** Logs a warning if the audit trail cannot be written: every write will be refused until it can. */
  checkTrail(): Promise<void>;
  /** Resolves when no call is in flight, at the latest after `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** As the length of a SHA-256 value. */
const KEY_BYTES = 32;

export function createApp({ signingKey = randomBytes(KEY_BYTES), ...options }: AppOptions): App {
  const { config, tenant, tools, allowed, resources, prompts, log, shared } = options;
  const { origin } = tenant;
  const sender = senderFor(options);
  const client = createServiceClient(options, sender);
  const trail = config.auditFile === undefined ? undefined : createTrail(config.auditFile);
  const pollOf = watcherFor(options, client);
  const apiOf = (caller: Caller): ToolApi => ({
    ...client.reader(caller),
    signal: caller.signal,
    answerTokens: config.answerTokens,
  });
  const proving = { store: shared?.codes ?? createLocalStore(), signingKey };
  const { callTool, readResource, drain } = createDispatch({
    tools,
    allowed,
    origin,
    reader: apiOf,
    pollOf,
    write: createWriteFlow({ mode: config.writes, tenant: origin, client, trail, ...proving, log }),
    log,
  });
  const byUri = new Map<string, Resource>(resources.map((resource) => [resource.uri, resource]));
  const resourceAt = (uri: string) => found(byUri.get(uri));
  return {
    callTool,
    readResource: async (uri, params, caller) => readResource(resourceAt(uri), params, caller),
    getPrompt: async (name, args) => promptText(prompts, name, args),
    async complete(owner, argument, caller) {
      const { complete } = prompts.find(({ name }) => name === owner) ?? byUri.get(owner) ?? {};
      return (await complete?.[argument]?.(apiOf(caller))) ?? [];
    },
    async subscribe(uri, params, changed) {
      const { name, params: schema, changes } = resourceAt(uri);
      const query = changes?.query(checkArguments(name, schema, params));
      return changes ? subscribe(pollOf(changes.source), query, changed) : () => {};
    },
    withhold: createWithhold(tenant.token),
    warmUp: () => sender.warmUp(),
    checkTrail: () => (config.writes === 'off' ? Promise.resolve() : warnIfUnwritable(trail, log)),
    ...endings(drain, sender, options),
  };
}

function watcherFor({ config, log, shared }: AppOptions, client: ServiceClient): Watcher {
  return createWatcher({ client, log, interval: config.pollMs, clock: { sleep }, shareOf: shared?.pollOf });
}

function senderFor({ config, tenant: { origin } }: AppOptions): Sender {
  const proxy = !isLoopback(new URL(origin).hostname);
  return createSender({ origin, timeoutMs: config.requestTimeoutMs, proxy });
}

function endings(drain: App['drain'], sender: Sender, { shared }: AppOptions): Pick<App, 'drain' | 'close'> {
  return {
    async drain(ms) {
      await drain(ms);
      await shared?.leave();
    },
    async close() {
      await shared?.leave();
      await sender.close();
    },
  };
}

function found(resource: Resource | undefined): Resource {
  if (!resource) throw new RangeError('there is no such resource');
  return resource;
}

function promptText(prompts: readonly Prompt[], name: string, args: unknown): string {
  const prompt = prompts.find((each) => each.name === name);
  if (!prompt) throw new RangeError('there is no such prompt');
  return prompt.text(checkArguments(name, prompt.args, args));
}

function createServiceClient({ config, tenant, shared }: AppOptions, sender: Sender): ServiceClient {
  const { origin, token } = tenant;
  const gate = shared?.gate ?? createLocalGate(config.callsPerMinute);
  const credential = async () => ({ scheme: 'Token', secret: token }) as const;
  const layers = [createRetry(), createBudget(gate), createAuth(credential)];
  return createClient({ origin, send: compose(layers, sender.send), routes: createRoutes(config.routes) });
}

async function warnIfUnwritable(trail: Trail | undefined, log: Log): Promise<void> {
  try {
    await trail?.check();
  } catch (error) {
    // The detail of a Fault is our own sentence, so it may be logged.
    const { code, detail } = toFault(error);
    log.warn('writes are refused until the audit trail can be written', { code, detail });
  }
}

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
