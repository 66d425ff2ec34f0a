import type { Alert } from '../records.ts';
import type { State } from '../state.ts';
import { toActivity } from './activity.ts';
import type { Incident } from './incident.ts';
import { ordinaryDay } from './routine.ts';
import { stage } from './stage.ts';

const MINUTE = 60_000;

/** Adds the alert of an incident at a time (ms), with its activities and the person's ordinary day before them. */
export type Raise = (incident: Incident, at: number) => Alert;

/** Creates `Raise` for a tenant that started at `start` (ms). */
export function createRaise(state: State, start: number): Raise {
  let count = 0;
  return (incident, at) => {
    count += 1;
    const { alert, activities } = stage(incident, count, at, start);
    const { who, awayMinutes } = incident;
    const day = who?.hasRoutine ? ordinaryDay(who, awayMinutes) : [];
    state.alerts.push(alert);
    state.alertActivities.push(...activities.map(({ _id }) => ({ alertId: alert._id, activityId: _id })));
    state.activities.push(
      ...activities,
      ...day.map((deed, index) => toActivity(deed, at + deed.minute * MINUTE, `day ${count} deed ${index}`)),
    );
    return alert;
  };
}
