import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Grant, Team } from '../http/budget/team.ts';
import { BURY, EXCHANGE, LEAVE, MEMBERS, RECKON, REMIND, RESUME, RESUMED, THROTTLED } from './budget_scripts.ts';
import type { KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';
import { createWhere, type Where } from './where.ts';

/** How often ended processes are looked for, ms. */
const BURY_MS = 2_000;

/** The team of all processes with this Redis, prefix and tenant. @param most calls in any minute */
export function createRedisTeam(link: RedisLink, keyOf: KeyOf, most: number): Team {
  const id = randomUUID();
  const where = createWhere();
  const key = (name: string) => keyOf('budget', name);
  const [members, run, rate, pause, probe, news] = [
    key('members'),
    key('run'),
    key('rate'),
    key('pause'),
    key('probe'),
    key('news'),
  ];
  const remind = createMemory((rows) => link.run(REMIND, [members], rows));
  const burying = setInterval(() => void bury(link, members, id, where).catch(() => {}), BURY_MS).unref();
  return {
    async exchange({ held, counted, armed, need, accepted }) {
      const server = await link.serverRun();
      const row = `${armed} ${where.own} most=${most}`;
      // One connection, so one comes right after the other.
      const [reckoned, grant] = await Promise.all([
        link.run(RECKON, [members, run, rate], [server, most]),
        link.run(EXCHANGE, [members, run, pause], [id, held, need, accepted, counted, news, row]),
      ]);
      await remind(reckoned);
      return toGrant(grant);
    },
    async throttled(pauseMs) {
      await link.run(THROTTLED, [rate, pause, probe], [Math.ceil(pauseMs), news]);
    },
    resume: async () => (await link.run(RESUME, [rate, pause, probe, members], [id, most])) === 1,
    async resumed() {
      await link.run(RESUMED, [rate, probe], [news]);
    },
    async leave(held, ms) {
      clearInterval(burying);
      await link.run(LEAVE, [members], [id, held, Math.ceil(ms), news]);
    },
    onNews(listener) {
      link.subscribe(news, listener);
      link.onConnect(listener);
    },
  };
}

/** Tells a Redis that has lost the rows which one process saw last: others may not be able to tell what they hold. */
function createMemory(remind: (rows: readonly string[]) => Promise<unknown>) {
  let known: { readonly since: unknown; readonly rows: readonly string[] } | undefined;
  return async (reckoned: unknown) => {
    const [since, rows]: unknown[] = Array.isArray(reckoned) ? reckoned : [];
    if (known && known.since !== since && known.rows.length > 0) await remind(known.rows);
    known = { since, rows: Array.isArray(rows) ? rows.map(String) : [] };
  };
}

/** Looks for processes of this machine that have ended without a word. */
async function bury(link: RedisLink, members: string, own: string, where: Where): Promise<void> {
  const reply = await link.run(MEMBERS, [members], []);
  const fields = Array.isArray(reply) ? reply.map(String) : [];
  for (let at = 0; at < fields.length; at += 2) {
    const [id = '', row = ''] = fields.slice(at, at + 2);
    const place = row.split(' ').slice(5).join(' ');
    if (id !== own && place !== '' && where.hasEnded(place)) await link.run(BURY, [members], [id, row]);
  }
}

const Count = z.int().transform((count) => Math.max(0, count));
const Reply = z.tuple([Count, Count, Count, Count, Count, Count]);

/** @throws Error for what no script of ours answers */
function toGrant(reply: unknown): Grant {
  const [held, limit, members, wanted, owed, pause] = Reply.parse(reply);
  return { held, limit, members, wanted, owed, pause };
}
