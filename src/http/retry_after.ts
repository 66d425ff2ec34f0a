import type { ServiceResponse } from './layers.ts';

/** Where the service names no time: a public client waits this long (docs/defender-api.md 2.3). */
const UNTOLD_MS = 5_000;
const LEAST_MS = 1_000;

/**
 * How long a 429 asks us to stay away, in ms: `Retry-After` in seconds or as a date, else the body's "N seconds".
 * @param now ms since the epoch, for the date form
 */
export function pauseOf(response: ServiceResponse, now: number): number {
  const asked = fromHeader(response.headers['retry-after'], now) ?? fromBody(response.body) ?? UNTOLD_MS;
  return Math.max(LEAST_MS, asked);
}

function fromHeader(value: string | undefined, now: number): number | undefined {
  if (value === undefined) return undefined;
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? undefined : date - now;
}

function fromBody(body: string): number | undefined {
  const seconds = /(\d+(?:\.\d+)?)\s*second/i.exec(body.slice(0, 1000))?.[1];
  return seconds === undefined ? undefined : Number(seconds) * 1000;
}
