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
}

export type FeedQuery = SinceQuery | typeof START;

/** Stands for a time that is missing or makes no sense: the last moment that a Date can hold, ms since the epoch. */
export const NO_TIME = 8_640_000_000_000_000;

/** In 2001, before there was any alert: an earlier time is 0, negative, or not in ms. */
export const FIRST_TIME = 1_000_000_000_000;

/** ms since the epoch */
export function timeOf({ TimeGenerated }: TriggerAlert): number {
  const time = Date.parse(TimeGenerated ?? '');
  return time >= FIRST_TIME ? time : NO_TIME;
}

/** Whether a page that was read for another reader also answers this query. */
export function serves({ alerts, complete }: FeedPage, { since, count }: SinceQuery): boolean {
  return complete || alerts.filter((alert) => timeOf(alert) >= since).length >= count;
}
