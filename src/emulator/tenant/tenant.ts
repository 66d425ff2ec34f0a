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

/** For each of these days before the start, every worker gets the activities of an ordinary day. */
const ORDINARY_DAYS = [2, 9, 16];

/** A tenant, and a function that raises further alerts in it. */
export interface Tenant {
  state: State;
  raise: Raise;
}

/** Creates the tenant. Its times are relative to `start` (ms); its ids are the same at each start. */
export function createTenant(start: number): Tenant {
  const state: State = {
    alerts: [],
    activities: [],
    alertActivities: [],
    policies: createPolicies(start),
    apps: createApps(start),
    entities: Object.values(people).map((who) => toEntity(who, start)),
    files: [],
    filePolicies: [],
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

// Moves each time by less than a minute, so that times do not look regular.
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
