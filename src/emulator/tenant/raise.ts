import type { Alert } from '../records.ts';
import type { State } from '../state.ts';
import type { Deed } from './deeds.ts';
import type { KeepFiles } from './file_keeper.ts';
import type { Incident } from './incident.ts';
import { besides, ordinaryDay } from './routine.ts';
import { stage, toDated } from './stage.ts';
import { type Truth, truthOf } from './truth.ts';

/** Adds the alert of an incident at a time (ms), with its activities, files, and ordinary work around them. */
export type Raise = (incident: Incident, at: number) => Alert;

/** Is told what is true about each alert that is raised. */
export type Judge = (truth: Truth) => void;

export interface RaiseOptions {
  readonly state: State;
  /** When the tenant started, ms. */
  readonly start: number;
  readonly keepFiles: KeepFiles;
  readonly ordinaryWork: boolean;
  readonly judge?: Judge | undefined;
}

/** Creates `Raise` for a tenant. */
export function createRaise({ state, start, keepFiles, ordinaryWork, judge }: RaiseOptions): Raise {
  let count = 0;
  return (incident, at) => {
    count += 1;
    const { alert, dated, trace } = stage(incident, count, at, start);
    const work = ordinaryWork ? workAround(incident, `day ${count}`) : [];
    const all = [...dated, ...toDated(work, at, `day ${count}`)];
    state.alerts.push(alert);
    state.activities.push(...all.map(([, activity]) => activity));
    if (trace === 'joined') {
      state.alertActivities.push(...dated.map(([, { _id }]) => ({ alertId: alert._id, activityId: _id })));
    }
    keepFiles(all, incident.files ?? []);
    judge?.(truthOf(incident, alert, dated, state));
    return alert;
  };
}

/** The person's day before the incident, and what they do during it, unless they are away. */
function workAround({ who, related, awayMinutes }: Incident, seed: string): Deed[] {
  const day = who?.hasRoutine ? ordinaryDay(who, seed, awayMinutes) : [];
  const during = who?.hasRoutine && awayMinutes === undefined ? besides(who, seed) : [];
  const other = related?.hasRoutine ? ordinaryDay(related, `${seed} related`) : [];
  return [...day, ...during, ...other];
}
