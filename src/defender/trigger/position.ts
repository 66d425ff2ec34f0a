import { createHash } from 'node:crypto';
import type { FeedPage, FeedQuery } from './feed_page.ts';
import { isAtLeast, type TriggerAlert } from './trigger_alert.ts';

/** An alert may become visible this long after its own timestamp, ms. */
const LATE_MS = 600_000;
/** Extra alerts to read for a reader with a minimum severity, because it may skip many alerts. */
const SKIP_ALLOWANCE = 400;
/** Bytes of a mark. Two of 300 alerts share a mark in about one of 20 million bursts. */
export const MARK_BYTES = 5;

/** How far a reader has got. The server does not store it; the reader sends it back as the cursor. */
export interface Position {
  /** Time of the newest alert that was handled (returned, skipped, or present at the start), ms since the epoch. */
  readonly high: number;
  /** Marks of the handled alerts since `sinceOf`; late alerts can still appear among these alerts. */
  readonly seen: ReadonlySet<string>;
}

export interface TakeOptions {
  readonly limit: number;
  readonly minSeverity: Parameters<typeof isAtLeast>[1];
}

export interface TakeResult {
  readonly alerts: TriggerAlert[];
  readonly position: Position;
  readonly hasMore: boolean;
}

/** Alerts since this time may be new; older ones were handled, or came too late. ms since the epoch */
export function sinceOf({ high }: Position): number {
  return Math.max(0, high - LATE_MS);
}

/** Asks for enough alerts that `take` finds new ones; with a minimum severity, that may need more than one read. */
export function queryOf(position: Position, { limit, minSeverity }: TakeOptions): FeedQuery {
  const extra = minSeverity === undefined ? 0 : SKIP_ALLOWANCE;
  return { since: sinceOf(position), count: position.seen.size + limit + extra };
}

/** A new reader's first position: the newest time among the latest alerts, without times ahead of our clock. */
export function positionBefore(latest: readonly TriggerAlert[], now: number): Position {
  const times = latest.map(timeOf).filter((time) => time <= now);
  return { high: times.length > 0 ? Math.max(...times) : now, seen: new Set() };
}

/** The position of a reader that has handled all these alerts. @param now ms since the epoch */
export function positionAfter(alerts: readonly TriggerAlert[], now: number, high = 0): Position {
  return advance({ high, seen: new Set() }, { alerts, complete: true }, alerts, now);
}

/** Takes the oldest new alerts, and skips those below the minimum severity. */
export function take(position: Position, page: FeedPage, { limit, minSeverity }: TakeOptions, now: number): TakeResult {
  const fresh = page.alerts
    .filter((alert) => timeOf(alert) >= sinceOf(position) && !position.seen.has(markOf(alert)))
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.ProviderAlertId < b.ProviderAlertId ? -1 : 1));
  const wanted = fresh.filter((alert) => isAtLeast(alert, minSeverity));
  const next = wanted[limit];
  const handled = next === undefined ? fresh : fresh.slice(0, fresh.indexOf(next));
  return {
    alerts: wanted.slice(0, limit),
    position: advance(position, page, handled, now),
    hasMore: next !== undefined || !page.complete,
  };
}

/**
 * Moves a position past the `handled` alerts of a page. The page begins at `sinceOf(position)` or earlier and includes
 * the handled alerts, so it shows all alerts whose marks can be dropped.
 */
function advance(
  position: Position,
  { alerts, complete }: FeedPage,
  handled: readonly TriggerAlert[],
  now: number,
): Position {
  // A time ahead of our clock counts as now; otherwise one such alert would hide all later ones.
  const high = handled.reduce((newest, alert) => Math.max(newest, Math.min(timeOf(alert), now)), position.high);
  const since = sinceOf({ ...position, high });
  const old = new Set(alerts.filter((alert) => timeOf(alert) < since).map(markOf));
  const present = new Set(alerts.map(markOf));
  // An alert that is missing from a complete page is gone for good, so its mark is dropped.
  const kept = [...position.seen].filter((mark) => !old.has(mark) && (!complete || present.has(mark)));
  return { high, seen: new Set([...kept, ...handled.map(markOf).filter((mark) => !old.has(mark))]) };
}

function timeOf({ TimeGenerated }: TriggerAlert): number {
  return Date.parse(TimeGenerated ?? '');
}

/** A short hash of the id, because a cursor may hold hundreds of marks. */
function markOf({ ProviderAlertId }: TriggerAlert): string {
  return createHash('sha256')
    .update(ProviderAlertId)
    .digest('hex')
    .slice(0, 2 * MARK_BYTES);
}
