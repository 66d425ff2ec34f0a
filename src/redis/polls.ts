import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { PollShare, Turn } from '../watch/poll_share.ts';
import type { KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';

/** KEYS: what each process waits for, who reads. ARGV: id, queries as JSON; without them it waits for nothing */
const WANT = `
local now = redis.call('TIME')[1]
if ARGV[2] == '' then
  redis.call('HDEL', KEYS[1], ARGV[1])
  if redis.call('GET', KEYS[2]) == ARGV[1] then redis.call('DEL', KEYS[2]) end
else
  redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[2])
end`;

/**
 * Who has read goes on reading until it is silent for a little more than an interval; of several the shortest. What
 * this process waits for is told anew each time: Redis may have lost it, or another have taken this process for gone.
 * KEYS: as above. ARGV: id, ms for which nobody else reads, s after which a process counts as gone, queries as JSON
 */
const TURN = `
local now, reader = redis.call('TIME')[1], redis.call('GET', KEYS[2])
if ARGV[4] ~= '' then redis.call('HSET', KEYS[1], ARGV[1], now .. ' ' .. ARGV[4]) end
local left = redis.call('PTTL', KEYS[2])
if reader and reader ~= ARGV[1] and left > 0 and left <= tonumber(ARGV[2]) then return left end
redis.call('SET', KEYS[2], ARGV[1], 'PX', ARGV[2])
local wanted, all = {}, redis.call('HGETALL', KEYS[1])
for i = 1, #all, 2 do
  local seen, queries = string.match(all[i + 1], '^(%d+) (.*)$')
  if now - seen > tonumber(ARGV[3]) then redis.call('HDEL', KEYS[1], all[i])
  elseif all[i] ~= ARGV[1] then wanted[#wanted + 1] = queries end
end
return wanted`;

const Queries = z.array(z.unknown());
const Read = z.object({
  from: z.string(),
  asked: z.array(z.string()),
  pages: z.array(z.tuple([z.string(), z.unknown()])),
});

/** @param interval between two reads of a source, ms; the same in all processes */
export function createRedisPolls(link: RedisLink, keyOf: KeyOf, interval: number): (source: string) => PollShare {
  const id = randomUUID();
  const silent = Math.ceil((interval * 3) / 1000);
  // Longer than a reader takes from one turn to the next, so that it need not change.
  const reign = Math.round(interval * 1.1) + 500;
  return (source) => {
    const keys = [keyOf('poll', source, 'wanted'), keyOf('poll', source, 'reader')];
    const channel = keyOf('poll', source, 'read');
    let wanted = '';
    return {
      want(queries) {
        const json = queries.length > 0 ? toJson(queries) : '';
        if (json === wanted) return;
        wanted = json;
        // If that fails, the next turn tells it.
        link.run(WANT, keys, [id, json]).catch(() => {});
      },
      async turn(): Promise<Turn<unknown>> {
        // Where the others cannot be asked, each reads for itself.
        const reply = await link.run(TURN, keys, [id, reign, silent, wanted]).catch(() => []);
        if (typeof reply === 'number') return { wait: Math.max(reply, 1) + Math.random() * 0.05 * interval };
        return { others: Array.isArray(reply) ? reply.flatMap(toQueries) : [] };
      },
      tell(queries, pages) {
        const read = {
          from: id,
          asked: queries.map(toJson),
          pages: [...pages].map(([query, page]) => [toJson(query), page]),
        };
        link.publish(channel, toJson(read)).catch(() => {});
      },
      onRead(listener) {
        link.subscribe(channel, (text) => {
          const { from, asked, pages } = Read.parse(fromJson(text));
          if (from === id) return;
          const known = new Map(pages);
          listener((query) => (asked.includes(toJson(query)) ? { page: known.get(toJson(query)) } : undefined));
        });
      },
    };
  };
}

/** What is no list of queries was written by another program or version, and is passed over. */
function toQueries(json: unknown): readonly unknown[] {
  try {
    return Queries.parse(fromJson(String(json)));
  } catch {
    return [];
  }
}

/** A map is written as its entries. */
function toJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => (member instanceof Map ? { $map: [...member] } : member));
}

const Entries = z.strictObject({ $map: z.array(z.tuple([z.unknown(), z.unknown()])) });

function fromJson(json: string): unknown {
  return JSON.parse(json, (_key, member: unknown) => {
    const entries = Entries.safeParse(member);
    return entries.success ? new Map(entries.data.$map) : member;
  });
}
