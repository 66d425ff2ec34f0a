import { randomUUID } from 'node:crypto';
import type { Grant, Team } from '../http/budget/team.ts';
import { BURY, EXCHANGE, LEAVE, MEMBERS, RESUME, RESUMED, THROTTLED } from './budget_scripts.ts';
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
  const burying = setInterval(() => void bury(link, members, id, where).catch(() => {}), BURY_MS).unref();
  return {
    async exchange({ held, armed, need, accepted }) {
      const server = await link.serverRun();
      return toGrant(
        await link.run(
          EXCHANGE,
          [members, run, rate, pause],
          [id, held, need, accepted, most, server, news, `${armed} ${where.own}`],
        ),
      );
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

function toGrant(reply: unknown): Grant {
  if (!Array.isArray(reply)) throw new Error('Redis has given another answer than the script');
  const [held = 0, limit = 0, members = 1, wanted = 0, owed = 0, pause = 0] = reply.map((each) =>
    Math.max(0, Number(each)),
  );
  return { held, limit, members, wanted, owed, pause };
}
