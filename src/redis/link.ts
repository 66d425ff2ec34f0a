import type { Redis } from 'ioredis';
import type { Log } from '../core/log.ts';

/** The connections of this process to Redis. What is asked while there is none fails at once, and is not repeated. */
export interface RedisLink {
  /** Runs a Lua script. @throws Error if the answer did not come within a second; the script may have run */
  run(script: string, keys: readonly string[], args: readonly (string | number)[]): Promise<unknown>;
  /** Names the running server. It changes when Redis is started again, which may have lost what it was told last. */
  serverRun(): Promise<string>;
  /** @returns how many processes were told */
  publish(channel: string, text: string): Promise<number>;
  /** How many processes would be told. */
  listeners(channel: string): Promise<number>;
  /** Calls back with each text; some are lost while there is no connection. Ends with the returned function. */
  subscribe(channel: string, listener: (text: string) => void): () => void;
  /** Calls back whenever a connection is there, also the first. */
  onConnect(listener: () => void): void;
  close(): void;
}

/** Longest wait for an answer, ms. */
const ANSWER_MS = 1_000;
/** Longest wait for the first connection, ms. */
const FIRST_MS = 3_000;
/** Longest pause before the next attempt to connect, ms; all processes must be back within two seconds. */
const RETRY_MS = 300;

const OPTIONS = {
  connectTimeout: 2_000,
  commandTimeout: ANSWER_MS,
  enableOfflineQueue: false,
  maxRetriesPerRequest: 0,
  autoResendUnfulfilledCommands: false,
  retryStrategy: (attempt: number) => Math.min(attempt * 50, RETRY_MS),
};

/** Connects, and connects again whenever a connection ends. Neither the URL nor an error of Redis is logged. */
export async function openRedis(url: string, log: Log): Promise<RedisLink> {
  // Loaded only where MDCA_REDIS_URL is set.
  const { Redis } = await import('ioredis');
  const commands = new Redis(url, OPTIONS);
  const subscriber = new Redis(url, OPTIONS);
  const sayRefused = createRefused(commands, log);
  const sayRefusal = createRefusals(log);
  for (const each of [commands, subscriber]) {
    each.on('error', ({ name, message }: Error) => {
      log.debug('redis', { error: name });
      if (name === 'ReplyError') sayRefused(codeOf(message));
    });
  }
  const dropIfSilent = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      // A server that does not answer may be stopped; what it was asked would be carried out when it goes on.
      const { name, message } = error instanceof Error ? error : { name: '', message: '' };
      if (message === 'Command timed out') commands.disconnect(true);
      if (name === 'ReplyError') sayRefusal(codeOf(message));
      throw error;
    }
  };
  return {
    serverRun: createIdentity(commands, dropIfSilent),
    run: (script, keys, args) => dropIfSilent(commands.eval(script, keys.length, ...keys, ...args)),
    publish: (channel, text) => dropIfSilent(commands.publish(channel, text)),
    listeners: async (channel) => Number((await dropIfSilent(commands.pubsub('NUMSUB', channel)))[1]),
    subscribe: createSubscribe(subscriber, log),
    onConnect: (listener) => void commands.on('ready', listener),
    close() {
      commands.disconnect();
      subscriber.disconnect();
    },
  };
}

/** Says once in a row of attempts that Redis takes no connection by this URL; each attempt would be a line. */
function createRefused(redis: Redis, log: Log): (code: string) => void {
  let isSaid = false;
  redis.on('ready', () => {
    isSaid = false;
  });
  return (code) => {
    if (!isSaid) log.warn('Redis refuses the connection: check user and password in MDCA_REDIS_URL', { code });
    isSaid = true;
  };
}

/** Says at most once in so many ms that Redis refuses with a code: there are several attempts a second. */
const SAY_AGAIN_MS = 600_000;

function createRefusals(log: Log): (code: string) => void {
  const saidAt = new Map<string, number>();
  return (code) => {
    const now = performance.now();
    if (now - (saidAt.get(code) ?? Number.NEGATIVE_INFINITY) < SAY_AGAIN_MS) return;
    log.warn('Redis has refused a command', { code });
    saidAt.set(code, now);
  };
}

/** An error begins with a word such as NOPERM; what follows may hold what was sent. */
export function codeOf(message: string): string {
  return /^[A-Z]+/.exec(message)?.[0] ?? '';
}

/** Asks each connection once to which run of the server it goes. */
function createIdentity(redis: Redis, checked: <T>(work: Promise<T>) => Promise<T>): () => Promise<string> {
  let run: Promise<string> | undefined;
  redis.on('close', () => {
    run = undefined;
  });
  const first = new Promise<void>((resolve) => {
    redis.once('ready', () => resolve());
    setTimeout(resolve, FIRST_MS).unref();
  });
  const ask = async () => {
    const [, id] = /^run_id:(\w+)/m.exec(await checked(redis.info('server'))) ?? [];
    if (id === undefined) throw new Error('Redis does not say which run it is');
    return id;
  };
  return async () => {
    await first;
    run ??= ask();
    const asked = run;
    return asked.catch((error) => {
      if (run === asked) run = undefined;
      throw error;
    });
  };
}

function createSubscribe(redis: Redis, log: Log): RedisLink['subscribe'] {
  const listeners = new Map<string, Set<(text: string) => void>>();
  let isSaid = false;
  const tell = (listener: (text: string) => void, text: string) => {
    try {
      listener(text);
    } catch (error) {
      // Anybody who can reach Redis can say anything there; what is no message of ours must not end the process.
      if (!isSaid) log.warn('a message over Redis was passed over: another program or version has sent it', { error });
      isSaid = true;
    }
  };
  redis.on('message', (channel, text) => {
    for (const listener of listeners.get(channel) ?? []) tell(listener, text);
  });
  let mayAsk = false;
  redis.on('close', () => {
    mayAsk = false;
  });
  const subscribeAll = async () => {
    mayAsk = await hasChannels(redis);
    const channels = [...listeners.keys()];
    if (mayAsk && channels.length > 0) redis.subscribe(...channels).catch(() => {});
  };
  redis.on('ready', () => void subscribeAll());
  return (channel, listener) => {
    const own = listeners.get(channel) ?? new Set();
    own.add(listener);
    listeners.set(channel, own);
    if (own.size === 1 && mayAsk) redis.subscribe(channel).catch(() => {});
    return () => {
      own.delete(listener);
      if (own.size > 0) return;
      listeners.delete(channel);
      if (mayAsk) redis.unsubscribe(channel).catch(() => {});
    };
  };
}

/**
 * Whether a server answers as one with channels does. What is no Redis may answer SUBSCRIBE with something else than a
 * list, at which ioredis throws where nobody can catch it.
 */
async function hasChannels(redis: Redis): Promise<boolean> {
  try {
    const counted: unknown = await redis.pubsub('NUMSUB', 'mdca');
    return Array.isArray(counted) && counted.length === 2 && counted[0] === 'mdca';
  } catch (error) {
    if (error instanceof Error && error.name === 'ReplyError') return true;
    redis.disconnect(true);
    return false;
  }
}
