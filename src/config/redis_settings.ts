import { define, type Kind, type Setting } from './kinds.ts';

/** The Redis that the processes of a tenant share. */
export interface RedisConfig {
  readonly url: string;
  /** Begins every key. */
  readonly prefix: string;
}

const redisUrl: Kind<string | undefined> = {
  fallback: undefined,
  read: (given) => {
    const url = URL.canParse(given) ? new URL(given) : undefined;
    const isRedis = url !== undefined && /^rediss?:$/.test(url.protocol) && url.hostname !== '';
    if (!isRedis) return { problem: 'must be a URL like rediss://user:password@host:6380/0' };
    return /^\/?\d*$/.test(url.pathname) ? { value: given } : { problem: 'must have a number as its path, or none' };
  },
};

const prefix: Kind<string> = {
  fallback: 'mdca:',
  read: (given) => {
    const isPlain = /^[\w:.-]{1,60}$/.test(given);
    return isPlain ? { value: given } : { problem: 'must be 1 to 60 letters, digits or any of _ : . -' };
  },
};

/** Settings of what several processes share. The second does nothing without the first. */
export const REDIS_SETTINGS = {
  url: {
    ...define(
      'MDCA_REDIS_URL',
      redisUrl,
      'Redis (6.2 or later) or Valkey, by which all processes for a tenant share one call budget, codes, polls and ' +
        'HTTP sessions: `redis://` or `rediss://`, with user and password.',
    ),
    secret: true,
  },
  prefix: define('MDCA_REDIS_PREFIX', prefix, 'Begins every key and channel in that Redis.'),
};

/** Undefined where nothing is to be shared. */
export function readRedis(read: <T>(setting: Setting<T>) => T): RedisConfig | undefined {
  const [url, prefix] = [read(REDIS_SETTINGS.url), read(REDIS_SETTINGS.prefix)];
  return url === undefined ? undefined : { url, prefix };
}
