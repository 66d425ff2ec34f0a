import { createHash } from 'node:crypto';
import type { FeedNeed, Visible } from './feed.ts';
import { isAtLeast, type TriggerAlert } from './trigger.ts';

/** An alert may become visible this long after the time that it bears, ms. */
const LATE_MS = 600_000;
/** A time further ahead than this is none to go by, ms: one such record would hide all that follow. */
const AHEAD_MS = 300_000;
const MARK_BYTES = 5;

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
export function needOf(position: Position, { limit }: Wanted): FeedNeed {
  return { since: sinceOf(position), least: position.seen.size + limit + 1 };
}

/** The position of a reader for whom all of these are old. @param now ms since the epoch */
export function positionAfter(alerts: readonly TriggerAlert[], now: number): Position {
  return advance({ high: 0, seen: new Set() }, alerts, alerts, now);
}

/** Takes the oldest alerts that the reader has not passed, and passes those that it does not want. */
export function take(position: Position, { alerts, complete }: Visible, { limit, least }: Wanted, now: number): Taken {
  const fresh = alerts
    .filter((alert) => timeOf(alert) >= sinceOf(position) && !position.seen.has(markOf(alert)))
    .toSorted((a, b) => timeOf(a) - timeOf(b) || (a.ProviderAlertId < b.ProviderAlertId ? -1 : 1));
  const wanted = fresh.filter((alert) => isAtLeast(alert, least));
  const next = wanted[limit];
  const passing = next === undefined ? fresh : fresh.slice(0, fresh.indexOf(next));
  return {
    alerts: wanted.slice(0, limit),
    position: advance(position, alerts, passing, now),
    hasMore: next !== undefined || !complete,
  };
}

/** `visible` begins at `sinceOf(position)` and reaches to what is passed, so it holds every mark that can be let go. */
function advance(
  position: Position,
  visible: readonly TriggerAlert[],
  passing: readonly TriggerAlert[],
  now: number,
): Position {
  const times = passing.map(timeOf).filter((time) => time <= now + AHEAD_MS);
  const high = times.reduce((newest, time) => Math.max(newest, time), position.high);
  const old = new Set(visible.filter((alert) => timeOf(alert) < sinceOf({ ...position, high })).map(markOf));
  const marks = [...position.seen, ...passing.map(markOf)].filter((mark) => !old.has(mark));
  return { high, seen: new Set(marks) };
}

function timeOf({ TimeGenerated }: TriggerAlert): number {
  return Date.parse(TimeGenerated ?? '');
}

/** Short, because a cursor may hold hundreds; two alerts of one window share a mark once in 10^9 windows of a burst. */
function markOf({ ProviderAlertId }: TriggerAlert): string {
  return createHash('sha256')
    .update(ProviderAlertId)
    .digest('hex')
    .slice(0, 2 * MARK_BYTES);
}
