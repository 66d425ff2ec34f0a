import type { Config, Tenant } from '../config/config.ts';
import type { RedisConfig } from '../config/redis_settings.ts';
import type { Log } from '../core/log.ts';
import { openShared, type Shared } from '../redis/shared.ts';

/** What an app shares with those of the other processes of its tenant. Loaded only where there is a Redis. */
export function joinTeam(
  { callsPerMinute, requestTimeoutMs, pollMs }: Config,
  redis: RedisConfig,
  { origin }: Tenant,
  log: Log,
): Promise<Shared> {
  return openShared({ redis, origin, callsPerMinute, requestTimeoutMs, pollMs, log });
}
