import type { TriggerAlert } from './trigger_alert.ts';

/** Alerts of any state since a time, oldest first. */
export interface FeedPage {
  readonly alerts: readonly TriggerAlert[];
  /** There is nothing beyond them. */
  readonly complete: boolean;
}

/** Which alerts a reader needs to see. */
export interface FeedQuery {
  /** ms since the epoch */
  readonly since: number;
  /** How many, if there are as many. */
  readonly least: number;
}

/** Whether what was read for another reader holds as much as this one needs. */
export function serves({ alerts, complete }: FeedPage, { since, least }: FeedQuery): boolean {
  return complete || alerts.filter(({ TimeGenerated }) => Date.parse(TimeGenerated ?? '') >= since).length >= least;
}
