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

/*
 * A code is one key, whose value begins with its state. So nothing that Redis forgets, or evicts where it is full,
 * makes a used code good again: a code without its key is unknown.
 */
const [UNUSED, USED] = ['unused ', 'used '] as const;

/** KEYS: code. ARGV: state, code as JSON, ms for which it is kept */
const PUT = `redis.call('SET', KEYS[1], ARGV[1] .. ARGV[2], 'PX', ARGV[3])`;
const GET = `return redis.call('GET', KEYS[1])`;
/** Changes the state of a code of this run. KEYS: code. ARGV: old state, new state, run of the server, ms */
const CHANGE = `
local value = redis.call('GET', KEYS[1])
if not value or string.sub(value, 1, #ARGV[1]) ~= ARGV[1] then return 0 end
local code = string.sub(value, #ARGV[1] + 1)
if cjson.decode(code).run ~= ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[2] .. code, 'PX', ARGV[4])
return 1`;

/** A used code is remembered for longer than it is valid by the clock of any process, ms. */
const KEPT_MS = 600_000;

/** The codes of all processes of a tenant. What Redis cannot prove to be unused is refused. */
export function createRedisStore(link: RedisLink, keyOf: KeyOf): CodeStore {
  const code = (nonce: string) => keyOf('code', hashOf(nonce));
  return {
    async put(nonce, issued) {
      await link
        .serverRun()
        .then((run) => link.run(PUT, [code(nonce)], [UNUSED, toJson(issued, run), KEPT_MS]))
        .catch(() => {
          throw new Fault('store_away', 'Redis cannot be reached, so no code can be given out.');
        });
    },
    async get(nonce) {
      const [run, json] = await Promise.all([link.serverRun(), link.run(GET, [code(nonce)], [])]).catch(() => {
        throw unproven('Nothing was written. Try again in a minute, with the same code.');
      });
      const stored = typeof json === 'string' ? fromJson(json) : undefined;
      return stored?.run === run ? { ...stored, states: new Map(stored.states) } : undefined;
    },
    async use(nonce) {
      const used = await link
        .serverRun()
        .then((run) => link.run(CHANGE, [code(nonce)], [UNUSED, USED, run, KEPT_MS]))
        .catch(() => {
          throw unproven('Nothing was written. Leave confirm out to get a new plan, in a minute.');
        });
      return used === 1;
    },
    async giveBack(nonce) {
      // Then it stays used: a new plan costs less than a second write.
      await link
        .serverRun()
        .then((run) => link.run(CHANGE, [code(nonce)], [USED, UNUSED, run, KEPT_MS]))
        .catch(() => {});
    },
  };
}

function toJson({ tool, input, session, caller, states, until }: IssuedCode, run: string): string {
  return JSON.stringify({ run, tool, input, session, caller, states: [...states], until });
}

/** @returns undefined for what no process of this version has put there */
function fromJson(value: string): z.output<typeof Stored> | undefined {
  try {
    return Stored.safeParse(JSON.parse(value.slice(value.indexOf(' ') + 1))).data;
  } catch {
    return undefined;
  }
}

function unproven(remedy: string): Fault {
  const detail = 'confirm: it cannot be proven to be unused, because Redis cannot be reached.';
  return new Fault('confirm_refused', detail, { remedy, retry: 'later' });
}
