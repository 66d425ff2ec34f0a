import { createHash } from 'node:crypto';
import { timeOf } from './alert_time.ts';
import type { FeedPage, SinceQuery } from './feed_page.ts';
import type { ServiceTime } from './service_time.ts';
import { isAtLeast, type TriggerAlert } from './trigger_alert.ts';

/*
 * How each alert is delivered once, although a look at the service may be empty, short, stale or in any order.
 *
 * A position is a point in time, `since`, and a mark for each alert after it that was handled. An alert is new if it
 * comes after that point and has no mark. What a look does not show changes nothing: a mark goes only when `since` has
 * passed the time of its alert, and then the alert is too old to count as new.
 *
 * So an alert is lost only if `since` overtakes it. `since` moves on when a look brings new alerts and leaves none
 * behind, ten minutes or more (by the service's clock) after an earlier look that did; it moves to ten minutes before
 * the newest alert of that earlier look. In other words, an alert may become visible ten minutes late, and may then be
 * missing from every look for ten minutes more. While there are no new alerts, `since` stands still.
 *
 * A look begins at `since`. In a long backlog it begins at the last that was handled, so that the same alerts are not
 * read again and again; such a look does not move `since`, and a whole one follows it.
 *
 * An alert without a sensible time, or with one that is still to come, keeps its mark and does not move `since`.
 *
 * A position holds at most MAX_MARKS marks. In a larger burst `since` moves past the oldest of them at once; alerts
 * that become visible later, but are older than that, are lost.
 */

/** How late an alert may become visible, and how long it may be missing afterwards, ms. */
const LATE_MS = 600_000;
/** Extra alerts to read for a reader with a minimum severity, because it may skip many alerts. */
const SKIP_ALLOWANCE = 400;
/** Bytes of a mark. A new alert shares a mark with one of 20 others in 1 of 55 billion cases, of 1000 in 1 billion. */
export const MARK_BYTES = 5;
/** The most alerts that a position remembers, so that an agent can copy the cursor. */
export const MAX_MARKS = 1_000;
/** With more marks than this, the alerts of them are read again only once, at the end of a backlog. */
const MANY_MARKS = 200;
/** An alert that is dated further ahead than this never moves `since`, ms. */
const MOST_AHEAD_MS = 86_400_000;

/** A place in the order in which alerts are delivered: by time, and by mark where the times are equal. */
interface Place {
  /** ms since the epoch */
  readonly time: number;
  /** Beginning of the hash of the alert's id, hex; empty before all alerts of this time. */
  readonly mark: string;
}

/** How far a reader has got. The server does not store it; the reader sends it back as the cursor. */
export interface Position {
  /** Alerts up to this place are not new. */
  readonly since: Place;
  /** How many alerts the service shows that bear the time of `since` and come no later than it. */
  readonly passed: number;
  /** Where the next look begins, ms since the epoch. */
  readonly from: number;
  /** Where `since` moves next, and not before when, ms since the epoch. */
  readonly next: number;
  readonly due: number;
  /** Time of each handled alert after `since`, by its mark. */
  readonly marks: ReadonlyMap<string, number>;
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

interface Placed extends Place {
  readonly alert: TriggerAlert;
}

/** From where on a reader must look that gets alerts from `now` on: some of them may bear an earlier time. */
export function sinceOf(now: number): number {
  return Math.max(0, now - LATE_MS);
}

/**
 * The time from which a new reader gets alerts: that of the newest alert whose time has come; without one the service's
 * time; and the beginning if that is unknown too. Ms since the epoch.
 */
export function beginningOf(latest: readonly TriggerAlert[], time: ServiceTime): number {
  return newestOf(latest.map(toPlaced), time.earliest || time.latest) || time.earliest;
}

/** The position of a new reader. @param page the answer to START */
export function positionAtStart({ alerts, time: { earliest, latest } }: FeedPage): Position {
  const time = sinceOf(earliest);
  const since = { time, mark: '' };
  const start = { since, passed: 0, from: time, next: time, due: latest + LATE_MS, marks: new Map() };
  const seen = alerts.map(toPlaced);
  return bounded(start, new Map(seen.map(({ mark, time }) => [mark, time])), seen, latest);
}

/** Asks for enough alerts that `take` finds new ones; with a minimum severity, that may need more than one read. */
export function queryOf({ since, passed, from, marks }: Position, { limit, minSeverity }: TakeOptions): SinceQuery {
  const fresh = limit + (minSeverity === undefined ? 0 : SKIP_ALLOWANCE);
  const unmarked = from === since.time ? passed : 0;
  const marked = [...marks.values()].filter((time) => time >= from).length;
  // Where marks are dropped, all alerts of a time must be known, so that none is passed unseen.
  return { since: from, count: unmarked + marked + fresh, ties: marks.size + fresh > MAX_MARKS };
}

/** Takes the oldest new alerts, and skips those below the minimum severity. */
export function take(position: Position, page: FeedPage, { limit, minSeverity }: TakeOptions): TakeResult {
  const seen = page.alerts.map(toPlaced);
  const fresh = seen
    .filter((placed) => isAfter(placed, position.since) && !position.marks.has(placed.mark))
    .toSorted(byPlace);
  const wanted = fresh.filter(({ alert }) => isAtLeast(alert, minSeverity));
  const next = wanted[limit];
  const handled = next === undefined ? fresh : fresh.slice(0, fresh.indexOf(next));
  const leaves = next !== undefined || !page.complete;
  const isWhole = position.from <= position.since.time;
  const marks = new Map(position.marks);
  // The time of an alert may change. Its mark has to last until the later one.
  for (const { mark, time } of seen) {
    const known = marks.get(mark);
    if (known !== undefined) marks.set(mark, Math.max(known, time));
  }
  for (const { mark, time } of handled) marks.set(mark, time);
  const isDue = handled.length > 0 && isWhole && !leaves && page.time.earliest >= position.due;
  const moved = isDue ? movedOn(position, marks, page.time) : position;
  const from = leaves && marks.size > MANY_MARKS ? newestOf(handled, page.time.latest) : 0;
  return {
    alerts: wanted.slice(0, limit).map(({ alert }) => alert),
    position: bounded({ ...moved, from }, marks, seen, page.time.latest),
    hasMore: leaves || !isWhole,
  };
}

function movedOn(position: Position, marks: ReadonlyMap<string, number>, time: ServiceTime): Position {
  const since = { time: position.next, mark: '' };
  const next = Math.max(position.next, sinceOf(newestOf(toPlaces(marks), time.earliest)));
  const moved = { ...position, next, due: time.latest + LATE_MS };
  return isAfter(since, position.since) ? { ...moved, since } : moved;
}

/** The newest time that has come; 0 if none has. */
function newestOf(places: readonly { readonly time: number }[], now: number): number {
  return Math.max(0, ...places.map(({ time }) => time).filter((time) => time <= now));
}

function toPlaces(marks: ReadonlyMap<string, number>): Place[] {
  return [...marks].map(([mark, time]) => ({ mark, time }));
}

/** The position with the marks after `since`; it moves past the oldest if there are too many. */
function bounded(
  position: Position,
  marks: ReadonlyMap<string, number>,
  seen: readonly Place[],
  latest: number,
): Position {
  const places = toPlaces(marks)
    .filter((place) => isAfter(place, position.since))
    .toSorted(byPlace);
  const excess = places.splice(0, Math.max(0, places.length - MAX_MARKS));
  const kept = new Map(places.map(({ mark, time }) => [mark, time]));
  const { time, mark } = excess.findLast((place) => place.time <= latest + MOST_AHEAD_MS) ?? position.since;
  const since = { time, mark };
  const passed = seen.filter((place) => place.time === time && !isAfter(place, since)).length;
  return { ...position, since, passed, from: Math.max(position.from, time), marks: kept };
}

function isAfter(place: Place, other: Place): boolean {
  return byPlace(place, other) > 0;
}

function byPlace(a: Place, b: Place): number {
  return a.time - b.time || (a.mark < b.mark ? -1 : Number(a.mark > b.mark));
}

function toPlaced(alert: TriggerAlert): Placed {
  const hash = createHash('sha256').update(alert.ProviderAlertId).digest('hex');
  return { alert, time: timeOf(alert), mark: hash.slice(0, 2 * MARK_BYTES) };
}
