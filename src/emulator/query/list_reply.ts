import type { HandlerCall } from '../handler.ts';
import { notValid, ok, type Reply } from '../reply.ts';
import { type Fields, toFilter } from './filter.ts';

/** The most records per answer, and the default (docs/defender-api.md 2.3). */
const MAX = 100;

/** How one resource is listed: its filters, and its sort keys by wire name, the default one first. */
export interface Listing<T> {
  fields: Fields<T>;
  sorts: Readonly<Record<string, (record: T) => number | string>>;
  /** The most that `skip` and `limit` may be together (docs/defender-api.md 3.2); none by default. */
  window?: number;
  /** A list of which it was reported that it ignores `skip` and `limit` (docs/defender-api.md 3.2). */
  mayIgnorePaging?: boolean;
}

/** The records that a call asks for, filtered and in order. */
export interface Selection<T> {
  found: T[];
}

/** Answers a list call with the envelope of docs/defender-api.md 3.1. */
export function list<T>(call: HandlerCall, records: readonly T[], listing: Listing<T>): Reply {
  const selection = select(call, records, listing);
  const skip = wholeNumber(call.input.skip, 0);
  const limit = wholeNumber(call.input.limit, MAX);
  if (skip === undefined) return notValid([String(call.input.skip)]);
  if (limit === undefined || limit === 0) return notValid([String(call.input.limit)]);
  if ('invalid' in selection) return notValid(selection.invalid);
  const end = skip + Math.min(limit, MAX);
  if (listing.window !== undefined && end > listing.window) return notValid([String(skip)]);
  const isIgnored = listing.mayIgnorePaging === true && call.settings.ignoredPaging;
  return page(selection.found, isIgnored ? 0 : skip, isIgnored ? MAX : end, call.settings.totalUpTo);
}

function page(found: readonly unknown[], skip: number, end: number, totalUpTo: number): Reply {
  const data = found.slice(skip, end);
  const moreThanTotal = totalUpTo > 0 && found.length > totalUpTo;
  const total = moreThanTotal ? totalUpTo : found.length;
  return ok({ data, hasNext: skip + data.length < found.length, max: MAX, total, moreThanTotal });
}

/** Filters and sorts; newest first unless the call says otherwise. */
export function select<T>(
  call: HandlerCall,
  records: readonly T[],
  { fields, sorts }: Listing<T>,
): Selection<T> | { invalid: string[] } {
  const filter = toFilter(call.input.filters, fields, { ...call.settings, now: call.now });
  if ('invalid' in filter) return filter;
  const { sortField = Object.keys(sorts)[0], sortDirection = 'desc' } = call.input;
  const key = Object.hasOwn(sorts, String(sortField)) ? sorts[String(sortField)] : undefined;
  if (key === undefined) return { invalid: [String(sortField)] };
  if (sortDirection !== 'asc' && sortDirection !== 'desc') return { invalid: [String(sortDirection)] };
  const sign = sortDirection === 'asc' ? 1 : -1;
  const found = records.filter((record) => filter.matches(record));
  return { found: found.sort((a, b) => sign * compare(key(a), key(b))) };
}

/** A whole number from 0 on; undefined when it is something else. */
export function wholeNumber(value: unknown, fallback: number): number | undefined {
  const given = value ?? fallback;
  return typeof given === 'number' && Number.isInteger(given) && given >= 0 ? given : undefined;
}

function compare(a: number | string, b: number | string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
