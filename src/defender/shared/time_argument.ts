import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import { parseIsoTime } from '../../core/time.ts';
import type { Filters } from './filters.ts';

const UNITS = { m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const SPAN = /^(\d{1,6})\s*([mhd])$/;
/** ms since the epoch; seconds would have three digits less (docs/defender-api.md 2.4). */
const EPOCH_MS = /^\d{13}$/;
const FORMS = 'a time such as 2026-01-31T08:00Z, ms since the epoch, or a span back from now such as 90m, 24h or 7d';

/** An argument that is a time. */
export const timeArgument = (description: string) =>
  z
    .string()
    .max(40)
    .refine((text) => toTime(text, Date.now()) !== undefined, `${FORMS} is needed`)
    .optional()
    .meta({ description });

/** Arguments of lists of what has a time. A time without a zone is UTC. */
export const TIME_RANGE = {
  since: timeArgument('UTC time, or span back: 24h'),
  until: timeArgument('Likewise'),
};

/** Bounds of time, ms since the epoch; both belong to the range. */
export interface TimeRange {
  readonly gte?: number;
  readonly lte?: number;
}

/**
 * @param fixed the lower bound of the first call of a list, which later calls keep
 * @throws Fault `invalid_input` if nothing lies between the two
 */
export function toTimeRange(
  { since, until }: { readonly since?: string | undefined; readonly until?: string | undefined },
  fixed?: number,
): TimeRange {
  const now = Date.now();
  const gte = fixed ?? (since === undefined ? undefined : toTime(since, now));
  const lte = until === undefined ? undefined : toTime(until, now);
  if (gte !== undefined && lte !== undefined && gte > lte) {
    throw new Fault('invalid_input', 'since is later than until, so nothing can lie between them: swap them.');
  }
  return { ...(gte !== undefined && { gte }), ...(lte !== undefined && { lte }) };
}

/** The filter on `date`, if there is a bound. */
export function dateFilter(range: TimeRange): Filters {
  return Object.keys(range).length === 0 ? {} : { date: { ...range } };
}

/** Whether a time lies in the range; one that is unknown does. */
export function isWithin({ gte = -Infinity, lte = Infinity }: TimeRange, time: number | undefined): boolean {
  return time === undefined || (time >= gte && time <= lte);
}

/** @returns ms since the epoch; undefined for a text of another form, and for a date that no calendar has */
function toTime(text: string, now: number): number | undefined {
  const trimmed = text.trim();
  if (EPOCH_MS.test(trimmed)) return Number(trimmed);
  const [, count, unit] = SPAN.exec(trimmed) ?? [];
  if (unit === 'm' || unit === 'h' || unit === 'd') return Math.max(0, now - Number(count) * UNITS[unit]);
  return parseIsoTime(trimmed);
}
