import type { TriggerAlert } from './trigger_alert.ts';

/** Alerts of any state since a time, oldest first. */
export interface FeedPage {
  readonly alerts: readonly TriggerAlert[];
  /** What the alerts lack of their long lists, by id. */
  readonly leftOut?: ReadonlyMap<string, string> | undefined;
  /** There are no later alerts. */
  readonly complete: boolean;
}

/** Which alerts a reader needs to see. */
export interface FeedQuery {
  /** ms since the epoch */
  readonly since: number;
  /** How many alerts the page must hold, if that many exist. */
  readonly count: number;
}

/** Whether a page that was read for another reader also answers this query. */
export function serves({ alerts, complete }: FeedPage, { since, count }: FeedQuery): boolean {
  return complete || alerts.filter(({ TimeGenerated }) => Date.parse(TimeGenerated ?? '') >= since).length >= count;
}
