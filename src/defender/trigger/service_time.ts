/** A service's clock that is further ahead of ours than this is not believed, ms. */
const MOST_AHEAD_MS = 86_400_000;

/**
 * The time at which an answer was sent, by the service's clock, but never later than ours: a time that is too late loses
 * alerts, and one that is too early only makes the cursor longer.
 * @param date the header `Date` of the answer
 * @param ours our time, ms since the epoch
 * @returns ms since the epoch; undefined if the header is missing, unreadable or absurd
 */
export function serviceTime(date: string | undefined, ours: number): number | undefined {
  const theirs = Date.parse(date ?? '');
  return theirs <= ours + MOST_AHEAD_MS ? Math.max(0, Math.min(theirs, ours)) : undefined;
}
