import type { Config, Tenant } from '../config/config.ts';
import type { RedisConfig } from '../config/redis_settings.ts';
import type { Log } from '../core/log.ts';
import { openShared } from '../redis/shared.ts';
import type { AppOptions } from './app.ts';
import { orExit } from './refuse.ts';
import { readSigningKey } from './signing_key.ts';

/** What an app shares with those of the other processes of its tenant. Loaded only where there is a Redis. */
export async function joinTeam(
  { http, callsPerMinute, requestTimeoutMs, pollMs }: Config,
  redis: RedisConfig,
  { origin }: Tenant,
  log: Log,
): Promise<Pick<AppOptions, 'shared' | 'signingKey'>> {
  const shared = await openShared({ redis, origin, callsPerMinute, requestTimeoutMs, pollMs, log });
  return { shared, signingKey: http && orExit(readSigningKey(http.signingKeyFile), 'Configuration refused') };
}
