import { Fault } from '../core/errors.ts';
import type { OpenQuestion, OpenQuestions } from '../writes/open_questions.ts';
import { hashOf, type KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';

/** A question is kept for longer than it is open by the clock of any process, ms. */
const KEPT_MS = 600_000;

/*
 * A question is one key, whose value is the run of the server while it is open, and then `used`. So nothing that Redis
 * forgets opens it again: a lost key is unknown, and one that a restart brings back is of an earlier run.
 */

/** KEYS: question. ARGV: run of the server, ms */
const PUT = `redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;
/** KEYS: question. ARGV: run of the server, ms */
const TAKE = `
local state = redis.call('GET', KEYS[1])
if state == 'used' then return 'used' end
if state ~= ARGV[1] then return 'unknown' end
redis.call('SET', KEYS[1], 'used', 'PX', ARGV[2])
return 'taken'`;
/** KEYS: question. ARGV: run of the server, ms */
const GIVE_BACK = `if redis.call('GET', KEYS[1]) == 'used' then redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2]) end`;

/** The open questions of all processes of a tenant. */
export function createRedisQuestions(link: RedisLink, keyOf: KeyOf): OpenQuestions {
  const run = async (script: string, { nonce }: OpenQuestion) =>
    link.run(script, [keyOf('question', hashOf(nonce))], [await link.serverRun(), KEPT_MS]);
  return {
    async put(question) {
      await run(PUT, question).catch(() => {
        throw new Fault('store_away', 'Redis cannot be reached, so nobody can be asked.');
      });
    },
    async take(question) {
      const taken = await run(TAKE, question).catch(() => {
        throw new Fault('store_away', 'Redis cannot be reached, so nothing proves that the answer is unused.');
      });
      return taken === 'taken' || taken === 'used' ? taken : 'unknown';
    },
    async giveBack(question) {
      // Then it stays used: a new question costs less than a second write.
      await run(GIVE_BACK, question).catch(() => {});
    },
  };
}
