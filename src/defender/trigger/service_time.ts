import { FIRST_TIME } from './alert_time.ts';

/** A service's clock that is further ahead of ours than this is not believed, ms. */
const MOST_AHEAD_MS = 86_400_000;
/** The header has whole seconds, so the answer was sent up to so much after it, ms. */
const SECOND_REST_MS = 999;

/** The time at which an answer was sent lies between these; ms since the epoch. */
export interface ServiceTime {
  /** 0 if the service does not tell its time. */
  readonly earliest: number;
  readonly latest: number;
}

/**
 * Either clock may be wrong, so the time is taken to lie between them.
 * @param date the header `Date` of the answer; it does not count if it is missing, unreadable or absurd
 * @param ours our time, ms since the epoch
 */
export function serviceTime(date: string | undefined, ours: number): ServiceTime {
  const theirs = Date.parse(date ?? '');
  const isTold = theirs >= FIRST_TIME && theirs <= ours + MOST_AHEAD_MS;
  if (!isTold) return { earliest: 0, latest: ours };
  return { earliest: Math.min(theirs, ours), latest: Math.max(theirs + SECOND_REST_MS, ours) };
}
