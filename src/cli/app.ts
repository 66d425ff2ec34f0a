import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTrail, type Trail } from '../audit/trail.ts';
import { checkArguments } from '../call/check_arguments.ts';
import { createDispatch } from '../call/dispatch.ts';
import type { Config, Tenant } from '../config/config.ts';
import { isLoopback } from '../config/tenant_url.ts';
import { toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { createWithhold } from '../core/withhold.ts';
import { createAuth } from '../http/auth.ts';
import { createBudget } from '../http/budget/budget.ts';
import { createLocalGate } from '../http/budget/local_gate.ts';
import { createClient, type ServiceClient } from '../http/client.ts';
import { compose } from '../http/layers.ts';
import { createMeter } from '../http/meter.ts';
import { createRetry } from '../http/retry.ts';
import { createSender, type Sender } from '../http/send.ts';
import { createRoutes } from '../http/undocumented_routes.ts';
import type { Service } from '../mcp/service.ts';
import type { Shared } from '../redis/shared.ts';
import type { Caller } from '../tool/caller.ts';
import type { Prompt } from '../tool/prompt.ts';
import type { Resource } from '../tool/resource.ts';
import type { Source } from '../tool/source.ts';
import type { Tool, ToolApi } from '../tool/tool.ts';
import { checked } from '../watch/poll_share.ts';
import { subscribe } from '../watch/subscriptions.ts';
import { createWatcher, type Watcher } from '../watch/watcher.ts';
import { createLocalStore } from '../writes/code_store.ts';
import { createWriteFlow } from '../writes/flow.ts';
import { createLocalQuestions, type OpenQuestions } from '../writes/open_questions.ts';
import { createQuestionFiles } from '../writes/question_files.ts';
import { createDeliver, type Deliver } from './deliver.ts';
import { createLateSignIn, type LateSignIn } from './late_sign_in.ts';

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
  /** Counts requests to the service; absent where nobody asks. */
  readonly metrics?: Metrics | undefined;
  /** What all processes of the tenant share. */
  readonly shared?: Shared | undefined;
}

/** All parts, put together for one tenant. All sessions share its call budget, its polls and its connections. */
export interface App extends Service {
  /** The token of Entra by which the server signs in; absent where it uses an API token. */
  readonly token: LateSignIn['token'] | undefined;
  /** Tells a person of the Redis that is shared; absent without one. */
  readonly redisReport: Shared['report'] | undefined;
  /** Takes an alert that a flow delivers. */
  readonly deliver: Deliver;
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
  const signIn = tenant.entra && createLateSignIn(tenant.entra, config.requestTimeoutMs);
  const client = createServiceClient(options, sender, signIn);
  const trail = config.auditFile === undefined ? undefined : createTrail(config.auditFile);
  const pollOf = watcherFor(options, client);
  const apiOf = (caller: Caller): ToolApi => ({
    ...client.reader(caller),
    signal: caller.signal,
    answerTokens: config.answerTokens,
  });
  const stores = { store: shared?.codes ?? createLocalStore(), questions: questionsFor(options) };
  const proving = { ...stores, signingKey, permit: signIn?.permit };
  const write = createWriteFlow({ mode: config.writes, tenant: origin, client, trail, ...proving, log });
  const reads = { tools, allowed, origin, reader: apiOf, pollOf };
  const { callTool, readResource, drain } = createDispatch({ ...reads, write, log });
  const resourceAt = (uri: string) => found(resources.find((resource) => resource.uri === uri));
  return {
    callTool,
    readResource: async (uri, params, caller) => readResource(resourceAt(uri), params, caller),
    getPrompt: async (name, args) => promptText(prompts, name, args),
    async complete(owner, argument, caller) {
      const { complete = {} } =
        prompts.find(({ name }) => name === owner) ?? resources.find(({ uri }) => uri === owner) ?? {};
      return Object.hasOwn(complete, argument) ? ((await complete[argument]?.(apiOf(caller))) ?? []) : [];
    },
    async subscribe(uri, params, changed) {
      const { name, params: schema, changes } = resourceAt(uri);
      const query = changes?.query(checkArguments(name, schema, params));
      const arrival = changes?.source.arrival;
      return changes ? subscribe(pollOf(changes.source), query, changed, { arrival }) : () => {};
    },
    withhold: signIn?.withhold ?? createWithhold(tenant.token),
    token: signIn?.token,
    redisReport: shared?.report,
    warmUp: async () => void (await Promise.all([sender.warmUp(), signIn?.warmUp()])),
    deliver: createDeliver(pollOf, origin, shared),
    checkTrail: () => (config.writes === 'off' ? Promise.resolve() : warnIfUnwritable(trail, log)),
    ...endings(drain, sender, options),
  };
}

function watcherFor({ config, tenant, log, shared }: AppOptions, client: ServiceClient): Watcher {
  const shareOf = shared && ((source: Source) => checked(shared.pollOf(source.name), source, tenant.origin));
  return createWatcher({ client, log, interval: config.pollMs, clock: { sleep }, shareOf });
}

/** Processes that share the key and no Redis share what stands beside the key, if they can write there. */
function questionsFor({ config: { signingKeyFile }, shared, log }: AppOptions): OpenQuestions {
  if (shared) return shared.questions;
  return signingKeyFile === undefined
    ? createLocalQuestions()
    : createQuestionFiles(`${signingKeyFile}.questions`, log);
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

function createServiceClient(
  { config, tenant, shared, metrics }: AppOptions,
  sender: Sender,
  signIn: LateSignIn | undefined,
): ServiceClient {
  const { origin, token } = tenant;
  const credential = signIn?.credential ?? (async () => ({ scheme: 'Token', secret: token }) as const);
  const budget = createBudget(shared?.gate ?? createLocalGate(config.callsPerMinute));
  // Nothing waits in the queue, or takes a slot of the budget, for a token.
  const signedIn = signIn ? [signIn.layer] : [];
  const meter = metrics && meterOf(metrics);
  const budgeted = meter ? [meter.outer, budget, meter.inner] : [budget];
  const layers = [createRetry(), ...signedIn, ...budgeted, createAuth(credential)];
  return createClient({ origin, send: compose(layers, sender.send), routes: createRoutes(config.routes) });
}

function meterOf({ count, waited }: Metrics): ReturnType<typeof createMeter> {
  return createMeter({
    onAnswer: (status) => count('mdca_service_requests_total', { status: String(status ?? 'none') }),
    onWaited: waited,
  });
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
