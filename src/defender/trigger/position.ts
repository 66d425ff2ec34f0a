import { createHash } from 'node:crypto';
import type { FeedPage, FeedQuery } from './feed_page.ts';
import { isAtLeast, type TriggerAlert } from './trigger_alert.ts';

/** An alert may become visible this long after the time that it bears, ms. */
const LATE_MS = 600_000;
/** Read beyond what is wanted by a reader of severe alerts alone, who may have to pass many others. */
const AT_ONCE = 400;
/** Bytes of a mark: among 300 alerts two share one once in some 20 million bursts. */
export const MARK_BYTES = 5;

/** How far a reader has come. The server keeps nothing of it; it travels as the cursor. */
export interface Position {
  /** Time of the newest alert that was passed, ms since the epoch. */
  readonly high: number;
  /** Marks of the passed alerts from `sinceOf` on, between which late ones can still come in. */
  readonly seen: ReadonlySet<string>;
}

export interface Wanted {
  readonly limit: number;
  readonly least: Parameters<typeof isAtLeast>[1];
}

export interface Taken {
  readonly alerts: TriggerAlert[];
  readonly position: Position;
  readonly hasMore: boolean;
}

/** Alerts from here on may be new; what is older has been passed, or is too late. ms since the epoch */
export function sinceOf({ high }: Position): number {
  return Math.max(0, high - LATE_MS);
}

/** What a look must bring for `take` to be sure to find new alerts. */
export function queryOf(position: Position, { limit, least }: Wanted): FeedQuery {
  const passed = least === undefined ? 0 : AT_ONCE;
  return { since: sinceOf(position), least: position.seen.size + limit + passed };
}

/** The position from which a reader begins: the newest of the latest alerts whose time can be gone by. */
export function positionBefore(latest: readonly TriggerAlert[], now: number): Position {
  const times = latest.map(timeOf).filter((time) => time <= now);
  return { high: times.length > 0 ? Math.max(...times) : now, seen: new Set() };
}

/** The position of a reader for whom all of these are old. @param now ms since the epoch */
export function positionAfter(alerts: readonly TriggerAlert[], now: number, high = 0): Position {
  return advance({ high, seen: new Set() }, { alerts, complete: true }, alerts, now);
}

/** Takes the oldest alerts that the reader has not passed, and passes those that it does not want. */
export function take(position: Position, visible: FeedPage, { limit, least }: Wanted, now: number): Taken {
  const fresh = visible.alerts
    .filter((alert) => timeOf(alert) >= sinceOf(position) && !position.seen.has(markOf(alert)))
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.ProviderAlertId < b.ProviderAlertId ? -1 : 1));
  const wanted = fresh.filter((alert) => isAtLeast(alert, least));
  const next = wanted[limit];
  const passing = next === undefined ? fresh : fresh.slice(0, fresh.indexOf(next));
  return {
    alerts: wanted.slice(0, limit),
    position: advance(position, visible, passing, now),
    hasMore: next !== undefined || !visible.complete,
  };
}

/** `visible` begins at `sinceOf(position)` and reaches to what is passed, so it shows every mark that can be let go. */
function advance(
  position: Position,
  { alerts, complete }: FeedPage,
  passing: readonly TriggerAlert[],
  now: number,
): Position {
  // A time ahead of ours counts as now: else one such record would hide all that follow.
  const high = passing.reduce((newest, alert) => Math.max(newest, Math.min(timeOf(alert), now)), position.high);
  const since = sinceOf({ ...position, high });
  const old = new Set(alerts.filter((alert) => timeOf(alert) < since).map(markOf));
  const there = new Set(alerts.map(markOf));
  // An alert that is not there any more cannot come again.
  const kept = [...position.seen].filter((mark) => !old.has(mark) && (!complete || there.has(mark)));
  return { high, seen: new Set([...kept, ...passing.map(markOf).filter((mark) => !old.has(mark))]) };
}

function timeOf({ TimeGenerated }: TriggerAlert): number {
  return Date.parse(TimeGenerated ?? '');
}

/** Short, because a cursor may hold hundreds. */
function markOf({ ProviderAlertId }: TriggerAlert): string {
  return createHash('sha256')
    .update(ProviderAlertId)
    .digest('hex')
    .slice(0, 2 * MARK_BYTES);
}
