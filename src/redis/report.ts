import { Redis } from 'ioredis';
import { COUNT } from './budget_scripts.ts';
import type { KeyOf } from './keys.ts';
import { codeOf } from './link.ts';

/** What a person is told of Redis. */
export interface RedisReport {
  readonly ok: boolean;
  readonly text: string;
}

/** Longest wait for a connection or an answer, ms. */
const WAIT_MS = 3_000;
/** The oldest version that this server is made for. */
const OLDEST = [6, 2] as const;

/** Connects anew, so that a failure can be told. Neither the URL nor a message of Redis enters the text. */
export async function redisReport(url: string, keyOf: KeyOf): Promise<RedisReport> {
  const times = { connectTimeout: WAIT_MS, commandTimeout: WAIT_MS };
  const redis = new Redis(url, { ...times, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  let failure: unknown;
  redis.on('error', (error) => {
    failure ??= error;
  });
  try {
    await redis.connect();
    const info = await redis.info('server');
    const count = Number(await redis.eval(COUNT, 1, keyOf('budget', 'members')));
    return { ok: true, text: foundText(info, count) };
  } catch (error) {
    return { ok: false, text: `Redis: FAILED. ${whyNot(failure ?? error, url.startsWith('rediss:'))}` };
  } finally {
    redis.disconnect();
  }
}

function foundText(info: string, count: number): string {
  const of = (field: string) => new RegExp(`^${field}:([\\w.-]{1,40})`, 'm').exec(info)?.[1];
  const valkey = of('valkey_version');
  const version = of('redis_version') ?? 'of an unknown version';
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]);
  const warning = isOld ? ` Warning: this server is made for Redis ${OLDEST.join('.')} or later.` : '';
  const processes = count === 1 ? '1 process shares' : `${count} processes share`;
  const name = valkey ? `Valkey ${valkey}` : `Redis ${version}`;
  return `${name} answers; ${processes} the call budget now, with this one.${warning}`;
}

/** Words that begin an answer of Redis by which it refuses who asks. */
const REFUSED = /^(?:WRONGPASS|NOAUTH|NOPERM)|invalid (?:username-password|password)/;

function whyNot(error: unknown, isTls: boolean): string {
  if (!(error instanceof Error)) return 'It did not answer as Redis does.';
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (error.name === 'ReplyError') {
    const word = codeOf(error.message);
    return REFUSED.test(error.message)
      ? `It refuses the user or password in MDCA_REDIS_URL (${word}).`
      : `It refuses what this server asks (${word}).`;
  }
  if (/CERT|SSL|TLS|EPROTO/.test(code)) return `The TLS connection failed (${code}): check certificate and port.`;
  if (isTls && (code === 'ECONNRESET' || code === 'ETIMEDOUT')) {
    return `No TLS connection came about (${code}): the port in MDCA_REDIS_URL takes none, or cannot be reached.`;
  }
  if (/^E[A-Z_]+$/.test(code)) return `It cannot be reached at the address in MDCA_REDIS_URL (${code}).`;
  return 'It ends the connection or does not answer; where it takes TLS alone, MDCA_REDIS_URL begins with rediss://.';
}
