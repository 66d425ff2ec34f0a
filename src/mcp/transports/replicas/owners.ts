import type { KeyOf } from '../../../redis/keys.ts';
import { hashOf } from '../../../redis/keys.ts';
import type { RedisLink } from '../../../redis/link.ts';

/** Which replica holds a session, and what has to be taken over when that replica ends. */
export interface Owners {
  /**
   * The replica that holds the session; this one, if none did or the one that did has gone.
   * @param gone a replica that does not answer
   * @returns 'over' if the session has ended. @throws Error if Redis cannot be reached
   */
  claim(session: string, gone?: string): Promise<string>;
  end(session: string): Promise<void>;
  /** Notes that a resource is subscribed to, or no longer. */
  note(session: string, uri: string, isSubscribed: boolean): Promise<void>;
  subscribed(session: string): Promise<readonly string[]>;
}

/** As long as a session is good at the most, ms. */
const KEPT_MS = 7 * 24 * 3_600_000;

/** KEYS: owner, end. ARGV: this replica, one that has gone, ms */
const CLAIM = `
if redis.call('EXISTS', KEYS[2]) == 1 then return 'over' end
local owner = redis.call('GET', KEYS[1])
if owner and owner ~= ARGV[1] and owner ~= ARGV[2] then return owner end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[3])
return ARGV[1]`;
/** KEYS: owner, end, subscriptions. ARGV: ms */
const END = `
redis.call('DEL', KEYS[1], KEYS[3])
redis.call('SET', KEYS[2], 1, 'PX', ARGV[1])`;
/** KEYS: subscriptions. ARGV: command, URI, ms */
const NOTE = `
redis.call(ARGV[1], KEYS[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])`;
const SUBSCRIBED = `return redis.call('SMEMBERS', KEYS[1])`;

/** @param own id of this replica */
export function createOwners(link: RedisLink, keyOf: KeyOf, own: string): Owners {
  const key = (name: string, session: string) => keyOf('session', name, hashOf(session));
  return {
    claim: async (session, gone = '') =>
      String(await link.run(CLAIM, [key('owner', session), key('end', session)], [own, gone, KEPT_MS])),
    async end(session) {
      await link.run(END, [key('owner', session), key('end', session), key('uris', session)], [KEPT_MS]);
    },
    async note(session, uri, isSubscribed) {
      await link.run(NOTE, [key('uris', session)], [isSubscribed ? 'SADD' : 'SREM', uri, KEPT_MS]);
    },
    async subscribed(session) {
      const uris = await link.run(SUBSCRIBED, [key('uris', session)], []);
      return Array.isArray(uris) ? uris.map(String) : [];
    },
  };
}
