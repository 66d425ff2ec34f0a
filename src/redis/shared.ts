import type { RedisConfig } from '../config/redis_settings.ts';
import type { Log } from '../core/log.ts';
import { createSharedGate, type SharedGate } from '../http/budget/shared_gate.ts';
import type { Deliveries } from '../watch/deliveries.ts';
import type { PollShare } from '../watch/poll_share.ts';
import type { CodeStore } from '../writes/code_store.ts';
import type { OpenQuestions } from '../writes/open_questions.ts';
import { createRedisTeam } from './budget.ts';
import { createRedisStore } from './code_store.ts';
import { createRedisDeliveries } from './deliveries.ts';
import { createKeys } from './keys.ts';
import { openRedis } from './link.ts';
import { createRedisPolls } from './polls.ts';
import { createRedisQuestions } from './questions.ts';
import type { RedisReport } from './report.ts';

export interface SharedOptions {
  readonly redis: RedisConfig;
  /** Of the tenant. */
  readonly origin: string;
  readonly callsPerMinute: number;
  readonly requestTimeoutMs: number;
  readonly pollMs: number;
  readonly log: Log;
}

/** What this process shares with all others of the tenant. */
export interface Shared {
  readonly gate: SharedGate;
  readonly codes: CodeStore;
  readonly questions: OpenQuestions;
  /** The poll of a source, by its name. */
  readonly pollOf: (source: string) => PollShare;
  /** What a flow delivers to any of them. @param deliver is given each new item */
  readonly deliveriesTo: (deliver: (item: unknown) => void) => Deliveries;
  /** Connects anew, to tell a person whether Redis answers and who shares it. */
  report(): Promise<RedisReport>;
  /** Gives back its share of the call budget, and disconnects. */
  leave(): Promise<void>;
}

/** The longest that a process which ends waits for Redis, ms. */
const LEAVE_MS = 300;

export async function openShared(options: SharedOptions): Promise<Shared> {
  const { redis, origin, callsPerMinute, requestTimeoutMs, pollMs, log } = options;
  const link = await openRedis(redis.url, log);
  const keyOf = createKeys(redis.prefix, origin);
  const team = createRedisTeam(link, keyOf, callsPerMinute);
  const gate = createSharedGate({ team, callsPerMinute, timeoutMs: requestTimeoutMs, log });
  return {
    gate,
    codes: createRedisStore(link, keyOf),
    questions: createRedisQuestions(link, keyOf),
    pollOf: createRedisPolls(link, keyOf, pollMs),
    deliveriesTo: (deliver) => createRedisDeliveries(link, keyOf, deliver),
    report: async () => (await import('./report.ts')).redisReport(redis.url, keyOf),
    async leave() {
      await Promise.race([gate.leave(), new Promise((resolve) => setTimeout(resolve, LEAVE_MS).unref())]);
      link.close();
    },
  };
}
