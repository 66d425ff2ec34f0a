import { randomUUID } from 'node:crypto';
import type { Grant, Team } from '../http/budget/team.ts';
import { EXCHANGE, LEAVE, RESUME, RESUMED, THROTTLED } from './budget_scripts.ts';
import type { KeyOf } from './keys.ts';
import type { RedisLink } from './link.ts';

/** The team of all processes with this Redis, prefix and tenant. @param most calls in any minute */
export function createRedisTeam(link: RedisLink, keyOf: KeyOf, most: number): Team {
  const id = randomUUID();
  const key = (name: string) => keyOf('budget', name);
  const [members, run, rate, pause, probe, news] = [
    key('members'),
    key('run'),
    key('rate'),
    key('pause'),
    key('probe'),
    key('news'),
  ];
  return {
    async exchange({ held, need, accepted }) {
      const server = await link.serverRun();
      return toGrant(
        await link.run(EXCHANGE, [members, run, rate, pause], [id, held, need, accepted, most, server, news]),
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
      await link.run(LEAVE, [members], [id, held, Math.ceil(ms), news]);
    },
    onNews(listener) {
      link.subscribe(news, listener);
      link.onConnect(listener);
    },
  };
}

function toGrant(reply: unknown): Grant {
  if (!Array.isArray(reply)) throw new Error('Redis has given another answer than the script');
  const [held = 0, limit = 0, members = 1, wanted = 0, owed = 0, pause = 0] = reply.map((each) =>
    Math.max(0, Number(each)),
  );
  return { held, limit, members, wanted, owed, pause };
}
