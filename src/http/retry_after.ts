import { parseTime } from '../core/time.ts';
import type { ServiceResponse } from './layers.ts';

/** If the service names no time; a public client waits this long (docs/defender-api.md 2.3). */
const DEFAULT_PAUSE_MS = 5_000;
const MIN_PAUSE_MS = 1_000;
/** The service counts over a minute, so a longer pause is a mistake or an attack, and would last until a restart. */
const MAX_PAUSE_MS = 900_000;

/**
 * The pause that a 429 asks for, in ms: `Retry-After` in seconds or as a date, else "N seconds" in the body, else 5 s.
 * At least 1 s and at most 15 minutes. A date is compared with the reply's own `Date`, because our clock may differ.
 * @param now ms since the epoch, for a reply without a `Date`
 */
export function pauseOf({ headers, body }: ServiceResponse, now: number): number {
  const asked = fromHeader(headers['retry-after'], toTime(headers.date ?? '') ?? now) ?? fromBody(body);
  return Math.min(MAX_PAUSE_MS, Math.max(MIN_PAUSE_MS, asked ?? DEFAULT_PAUSE_MS));
}

/** Of several values, which a proxy or we have joined by commas, the longest pause counts. */
function fromHeader(value: string | undefined, now: number): number | undefined {
  const pauses = (value ?? '').split(BETWEEN_VALUES).flatMap((part) => {
    if (/^\s*\d+(\.\d+)?\s*$/.test(part)) return Number(part) * 1000;
    const time = toTime(part);
    return time === undefined ? [] : time - now;
  });
  return pauses.length === 0 ? undefined : Math.max(...pauses);
}

/** A comma, but not the one behind a date's day of the week. */
const BETWEEN_VALUES = /,(?!\s*\d{1,2}[ -][a-z])/i;

/** Requires a time of day, because parseTime also takes `-5` and `12,30` for dates. */
function toTime(text: string): number | undefined {
  return /\d:\d\d/.test(text) ? parseTime(text) : undefined;
}

function fromBody(body: string): number | undefined {
  const seconds = /(\d+(?:\.\d+)?)\s*second/i.exec(body.slice(0, 1000))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
