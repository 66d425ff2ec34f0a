import { timeOf } from './alert_time.ts';
import type { ServiceTime } from './service_time.ts';
import type { TriggerAlert } from './trigger_alert.ts';

/** Alerts of any state since a time, oldest first. */
export interface FeedPage {
  readonly time: ServiceTime;
  readonly alerts: readonly TriggerAlert[];
  /** What the alerts lack of their long lists, by id. */
  readonly leftOut?: ReadonlyMap<string, string> | undefined;
  /** There are no later alerts. */
  readonly complete: boolean;
}

/** The query of a new reader: which alerts are there already. It gets new ones from `time.earliest` on. */
export const START = 'start';

/** Which alerts a reader needs to see. */
export interface SinceQuery {
  /** ms since the epoch */
  readonly since: number;
  /** How many alerts the page must hold, if that many exist. */
  readonly count: number;
  /** If the page does not reach the end, it must not lack alerts of the same time as its last. */
  readonly ties: boolean;
}

export type FeedQuery = SinceQuery | typeof START;

/** Whether a page that was read for another reader also answers this query. */
export function serves({ alerts, complete }: FeedPage, { since, count }: SinceQuery): boolean {
  return complete || alerts.filter((alert) => timeOf(alert) >= since).length >= count;
}
