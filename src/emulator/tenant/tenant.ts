import type { State } from '../state.ts';
import { toActivity } from './activity.ts';
import { createApps } from './apps.ts';
import { closed, open } from './calendar.ts';
import { createStreams, createTasks } from './discovery_log.ts';
import { createSubnets } from './networks.ts';
import { people, toEntity } from './people.ts';
import { createPolicies } from './policies.ts';
import { createRaise, type Raise } from './raise.ts';
import { ordinaryDay } from './routine.ts';
import { closeAs } from './stage.ts';

const HOUR = 60 * 60 * 1000;

/** Days before the start on which everybody just worked. */
const ORDINARY_DAYS = [2, 9, 16];

/** A tenant, and the way to raise further alerts in it. */
export interface Tenant {
  state: State;
  raise: Raise;
}

/** The believable tenant; every time in it is relative to `start` (ms), every id the same each time. */
export function createTenant(start: number): Tenant {
  const state: State = {
    alerts: [],
    activities: [],
    policies: createPolicies(start),
    apps: createApps(start),
    entities: Object.values(people).map((who) => toEntity(who, start)),
    subnets: createSubnets(start),
    streams: createStreams(start),
    governance: createTasks(start),
  };
  const raise = createRaise(state, start);
  open.forEach(([hoursAgo, incident], index) => {
    raise(incident, moment(start, hoursAgo, index));
  });
  closed.forEach(([hoursAgo, incident, resolution, comment], index) => {
    closeAs(raise(incident, moment(start, hoursAgo, index)), { resolution, comment, hoursLater: 12 });
  });
  state.activities.push(...ordinaryDays(start));
  return { state, raise };
}

// Nothing happens on the full minute.
function moment(start: number, hoursAgo: number, index: number): number {
  return Math.round(start - hoursAgo * HOUR - ((index * 7919) % 60_000));
}

function ordinaryDays(start: number) {
  const workers = Object.values(people).filter((who) => who.hasRoutine);
  return workers.flatMap((who) =>
    ORDINARY_DAYS.flatMap((ago) =>
      ordinaryDay(who).map((deed, index) => {
        const at = moment(start, ago * 24, who.number) + deed.minute * 60_000;
        return toActivity(deed, at, `person ${who.number} day ${ago} deed ${index}`);
      }),
    ),
  );
}
