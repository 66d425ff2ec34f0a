import * as z from 'zod';
import { Fault } from '../core/errors.ts';
import type { CodeStore, IssuedCode } from '../writes/code_store.ts';
import { hashOf, type KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';

/** `run` is that of the server that was told of the code: another may not know that the code was used. */
const Stored = z.object({
  run: z.string(),
  tool: z.string(),
  input: z.record(z.string(), z.unknown()),
  session: z.string(),
  caller: z.string(),
  states: z.array(z.tuple([z.string(), z.string()])),
  until: z.number(),
});

/** KEYS: code. ARGV: code as JSON, ms for which it is kept */
const PUT = `redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`;
const GET = `return redis.call('GET', KEYS[1])`;
/** KEYS: code, mark of a used one. ARGV: run of the server, ms for which the mark is kept */
const USE = `
local code = redis.call('GET', KEYS[1])
if not code or cjson.decode(code).run ~= ARGV[1] then return 0 end
return redis.call('SET', KEYS[2], 1, 'NX', 'PX', ARGV[2]) and 1 or 0`;
const GIVE_BACK = `redis.call('DEL', KEYS[1])`;

/** A used code is remembered for longer than it is valid by the clock of any process, ms. */
const KEPT_MS = 600_000;

/** The codes of all processes of a tenant. What Redis cannot prove to be unused is refused. */
export function createRedisStore(link: RedisLink, keyOf: KeyOf): CodeStore {
  const code = (nonce: string) => keyOf('code', hashOf(nonce));
  const mark = (nonce: string) => keyOf('used', hashOf(nonce));
  return {
    async put(nonce, issued) {
      await link
        .serverRun()
        .then((run) => link.run(PUT, [code(nonce)], [toJson(issued, run), KEPT_MS]))
        .catch(() => {
          throw new Fault('store_away', 'Redis cannot be reached, so no code can be given out.');
        });
    },
    async get(nonce) {
      const [run, json] = await Promise.all([link.serverRun(), link.run(GET, [code(nonce)], [])]).catch(() => {
        throw unproven('Nothing was written. Try again in a minute, with the same code.');
      });
      const stored = typeof json === 'string' ? Stored.parse(JSON.parse(json)) : undefined;
      return stored?.run === run ? { ...stored, states: new Map(stored.states) } : undefined;
    },
    async use(nonce) {
      const used = await link
        .serverRun()
        .then((run) => link.run(USE, [code(nonce), mark(nonce)], [run, KEPT_MS]))
        .catch(() => {
          throw unproven('Nothing was written. Leave confirm out to get a new plan, in a minute.');
        });
      return used === 1;
    },
    async giveBack(nonce) {
      // Then it stays used: a new plan costs less than a second write.
      await link.run(GIVE_BACK, [mark(nonce)], []).catch(() => {});
    },
  };
}

function toJson({ tool, input, session, caller, states, until }: IssuedCode, run: string): string {
  return JSON.stringify({ run, tool, input, session, caller, states: [...states], until });
}

function unproven(remedy: string): Fault {
  const detail = 'confirm: it cannot be proven to be unused, because Redis cannot be reached.';
  return new Fault('confirm_refused', detail, { remedy, retry: 'later' });
}
