import type { State } from '../state.ts';
import { createApps } from './apps.ts';
import { closed, open } from './calendar.ts';
import { createStreams, createTasks } from './discovery_log.ts';
import { createEntities } from './entities.ts';
import { createFileKeeper } from './file_keeper.ts';
import { createSubnets } from './networks.ts';
import { people } from './people.ts';
import { createPolicies } from './policies.ts';
import { createRaise, type Judge, type Raise } from './raise.ts';
import { ordinaryDay } from './routine.ts';
import { closeAs, type Dated, toDated } from './stage.ts';
import { vary } from './vary.ts';

const HOUR = 60 * 60 * 1000;

/** For each of these days before the start, every worker gets the activities of an ordinary day. */
const ORDINARY_DAYS = [2, 9, 16];

/** A tenant, and a function that raises further alerts in it. */
export interface Tenant {
  state: State;
  raise: Raise;
}

export interface TenantOptions {
  /** People's ordinary work beside the incidents; default true. */
  readonly ordinaryWork?: boolean;
  readonly judge?: Judge;
}

/**
 * Creates the tenant. Its times are relative to `start` (ms); its ids are the same at each start. `judge` is told what
 * is true about each alert.
 */
export function createTenant(start: number, { ordinaryWork = true, judge }: TenantOptions = {}): Tenant {
  const state: State = {
    alerts: [],
    activities: [],
    alertActivities: [],
    policies: createPolicies(start),
    apps: createApps(start),
    entities: [],
    files: [],
    filePolicies: [],
    subnets: createSubnets(start),
    streams: createStreams(start),
    governance: createTasks(start),
  };
  const keepFiles = createFileKeeper(state);
  const raise = createRaise({ state, start, keepFiles, ordinaryWork, judge });
  open.forEach(([hoursAgo, incident], index) => {
    raise(incident, moment(start, hoursAgo, index));
  });
  closed.forEach(([hoursAgo, incident, resolution, comment], index) => {
    closeAs(raise(incident, moment(start, hoursAgo, index)), { resolution, comment, hoursLater: 12 });
  });
  const days = ordinaryWork ? ordinaryDays(start) : [];
  state.activities.push(...days.map(([, activity]) => activity));
  keepFiles(days, []);
  state.entities.push(...createEntities(start, state.activities));
  return { state, raise };
}

// Moves each time by less than a minute, and the older ones by up to 40 minutes, so that times do not look regular.
function moment(start: number, hoursAgo: number, index: number): number {
  const away = hoursAgo < 6 ? 0 : vary(`moment ${index} ${hoursAgo}`, 40) * 60_000;
  return Math.round(start - hoursAgo * HOUR - away - ((index * 7919) % 60_000));
}

function ordinaryDays(start: number): Dated[] {
  const workers = Object.values(people).filter((who) => who.hasRoutine);
  return workers.flatMap((who) =>
    ORDINARY_DAYS.flatMap((ago) => {
      const seed = `person ${who.number} day ${ago}`;
      return toDated(ordinaryDay(who, seed), moment(start, ago * 24, who.number), seed);
    }),
  );
}
