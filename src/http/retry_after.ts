import { parseTime } from '../core/time.ts';
import type { ServiceResponse } from './layers.ts';

/** If the service names no time; a public client waits this long (docs/defender-api.md 2.3). */
const DEFAULT_PAUSE_MS = 5_000;
const MIN_PAUSE_MS = 1_000;

/**
 * The pause that a 429 asks for, in ms: `Retry-After` in seconds or as a date, else "N seconds" in the body, else 5 s.
 * At least 1 s.
 * @param now ms since the epoch, for the date form
 */
export function pauseOf(response: ServiceResponse, now: number): number {
  const asked = fromHeader(response.headers['retry-after'], now) ?? fromBody(response.body) ?? DEFAULT_PAUSE_MS;
  return Math.max(MIN_PAUSE_MS, asked);
}

function fromHeader(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = parseTime(value);
  return date === undefined ? undefined : date - now;
}

function fromBody(body: string): number | undefined {
  const seconds = /(\d+(?:\.\d+)?)\s*second/i.exec(body.slice(0, 1000))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
