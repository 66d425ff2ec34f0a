import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { createTrail } from '../audit/trail.ts';
import { checkArguments } from '../call/check_arguments.ts';
import { createDispatch } from '../call/dispatch.ts';
import type { Config, Tenant } from '../config/config.ts';
import { type Fault, toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Metrics } from '../core/metrics.ts';
import { createWithhold } from '../core/withhold.ts';
import type { ServiceClient } from '../http/client.ts';
import type { Sender } from '../http/send.ts';
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
import { createSenderTo, createServiceClient } from './service_client.ts';

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
  /** Why the audit trail cannot be written, if it cannot: every write is refused until it can. */
  trailFault(): Promise<Fault | undefined>;
  /** Resolves when no call is in flight, at the latest after `ms`. */
  drain(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** As the length of a SHA-256 value. */
const KEY_BYTES = 32;

export function createApp({ signingKey = randomBytes(KEY_BYTES), ...options }: AppOptions): App {
  const { config, tenant, tools, allowed, resources, prompts, log, shared } = options;
  const { origin } = tenant;
  const sender = createSenderTo(origin, config);
  const signIn = tenant.entra && createLateSignIn(tenant.entra, config.requestTimeoutMs);
  const client = createServiceClient(options, sender, signIn);
  const trail = config.auditFile === undefined ? undefined : createTrail(config.auditFile);
  const pollOf = watcherFor(options, client);
  const ending = new AbortController();
  const apiOf = (caller: Caller): ToolApi => ({
    ...client.reader(caller),
    signal: caller.signal,
    ending: ending.signal,
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
    trailFault: async () => (config.writes === 'off' ? undefined : trail?.check().then(() => undefined, toFault)),
    ...endings(() => ending.abort(), drain, sender, options),
  };
}

/** The detail of a Fault is our own sentence, so it may be logged. */
export function warnOfTrail({ code, detail }: Fault, log: Log): void {
  log.warn('writes are refused until the audit trail can be written', { code, detail });
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

function endings(
  endWaits: () => void,
  drain: App['drain'],
  sender: Sender,
  { shared }: AppOptions,
): Pick<App, 'drain' | 'close'> {
  return {
    async drain(ms) {
      endWaits();
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

async function sleep(ms: number, signal: AbortSignal): Promise<void> {
  await delay(ms, undefined, { signal }).catch(() => {});
}
