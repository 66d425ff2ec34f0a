import * as z from 'zod';
import { parseTime } from '../../core/time.ts';

/**
 * Schemas for fields of the service's records. Records vary from app to app and year to year, so a field of an
 * undocumented type counts as absent, and the rest of the record stays usable (docs/defender-api.md 2.4). Each schema
 * is one zod transform, because a list has thousands of fields. The members of nested lists, the most frequent part,
 * are read by the plain functions below, without zod.
 */
export const wireText = z.transform(asText);
export const wireNumber = z.transform(asNumber);
/** A whole number, 0 or more. */
export const wireCount = z.transform((value) => {
  const count = asNumber(value) ?? -1;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
});
/** A number that a decision depends on: -1 if it is present but unreadable, so that it does not count as absent. */
export const wireCode = z.transform((value) =>
  value === undefined || value === null ? value : (asNumber(value) ?? -1),
);
export const wireBoolean = z.transform((value) => (typeof value === 'boolean' ? value : undefined));
/** ms since the epoch, or in some fields an ISO date (docs/defender-api.md 2.4). */
export const wireTime = z.transform(asTextOrNumber);
/** Ids of entities are text, but those of apps are numbers. */
export const wireId = z.transform(asTextOrNumber);

/** The id of a record that must have one; hex digits in lower case, as in arguments. */
export const wireRecordId = z
  .string()
  .min(1)
  .transform((id) => (/^[\dA-F]{24}$/i.test(id) ? id.toLowerCase() : id));

/** Whether the id that a record bears is the one asked for, in lower case; it may be of any type. */
export function isSameId(found: unknown, asked: string | number): boolean {
  return String(found).toLowerCase() === String(asked);
}

/** A list with at most so many members; a longer one is refused before any member is parsed. */
export function shortList(most: number) {
  return z.custom<readonly unknown[]>((members) => Array.isArray(members) && members.length <= most);
}

/**
 * The most that a list inside a record may weigh: the characters of its texts, and 32 for each member. A record is
 * mapped in one go, and that must not take seconds. An alert with 10,000 users weighs less than this.
 */
const MAX_LIST_WEIGHT = 2_000_000;

/** A list whose unreadable members are left out. A record with a list that is far too long is unreadable as a whole. */
export function wireList<T>(read: (member: unknown) => T | undefined) {
  return z.transform((members, context) => {
    const readable: T[] = [];
    let weight = 0;
    for (const member of Array.isArray(members) ? members : []) {
      const value = read(member);
      if (value !== undefined) readable.push(value);
      weight += weightOf(value);
      if (weight <= MAX_LIST_WEIGHT) continue;
      context.issues.push({ code: 'custom', message: 'the list is too long', input: undefined });
      return z.NEVER;
    }
    return readable;
  });
}

function weightOf(member: unknown): number {
  let weight = 32;
  if (typeof member !== 'object' || member === null) return weight;
  for (const text of Object.values(member)) if (typeof text === 'string') weight += text.length;
  return weight;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A finite number (JSON can hold 1e999, which is not), or a whole number of at most 15 digits written as text. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

export function asTextOrNumber(value: unknown): string | number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return asText(value);
}

/** An object whose fields the caller reads; undefined for an array or anything else. */
export function asRecord<Field extends string>(value: unknown): { readonly [Name in Field]?: unknown } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** ms since the epoch; undefined if the value is no time of the years 0 to 9999, which alone ISO-8601 can write. */
export function toMs(time: number | string | undefined): number | undefined {
  const ms = typeof time === 'string' && !/^\d{1,15}$/.test(time) ? parseTime(time) : Number(time);
  const year = new Date(ms ?? Number.NaN).getUTCFullYear();
  return year >= 0 && year <= 9999 ? ms : undefined;
}

/** ISO-8601 in UTC; undefined as with `toMs`. */
export function toIso(time: number | string | undefined): string | undefined {
  const ms = toMs(time);
  return ms === undefined ? undefined : new Date(ms).toISOString();
}
