import * as z from 'zod';

/**
 * Fields of the service's records. Records vary from app to app and year to year, so a field of another type than
 * documented counts as absent and never spoils its record (docs/defender-api.md 2.4). Each is one step for zod, as a
 * list has thousands of them; what a list has most of is read without zod, by the readers below.
 */
export const wireText = z.transform(asText);
export const wireNumber = z.transform(asNumber);
/** A whole number that is not negative. */
export const wireCount = z.transform((value) => {
  const count = asNumber(value) ?? -1;
  return Number.isSafeInteger(count) && count >= 0 ? count : undefined;
});
/** A number that decides something: -1 where it stands there but cannot be read, so that it is not taken for absent. */
export const wireCode = z.transform((value) =>
  value === undefined || value === null ? value : (asNumber(value) ?? -1),
);
export const wireBoolean = z.transform((value) => (typeof value === 'boolean' ? value : undefined));
/** ms since the epoch, or in some fields an ISO date (docs/defender-api.md 2.4). */
export const wireTime = z.transform(asTextOrNumber);
/** Ids of entities are text, but those of apps are numbers. */
export const wireId = z.transform(asTextOrNumber);

/** A list whose unreadable members are left out. */
export function wireList<T>(read: (member: unknown) => T | undefined) {
  return z.transform((members) => {
    const readable: T[] = [];
    for (const member of Array.isArray(members) ? members : []) {
      const value = read(member);
      if (value !== undefined) readable.push(value);
    }
    return readable;
  });
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A number, also where it stands as text; 1e999 is JSON and no number. */
export function asNumber(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : undefined;
}

export function asTextOrNumber(value: unknown): string | number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  return asText(value);
}

/** A record whose fields the caller reads; an array is none. */
export function asRecord<Field extends string>(value: unknown): { readonly [Name in Field]?: unknown } | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}

/** ISO-8601 in UTC, or undefined for what is no time. */
export function toIso(time: number | string | undefined): string | undefined {
  const isCount = typeof time === 'string' && /^\d{1,15}$/.test(time);
  const date = new Date(isCount ? Number(time) : (time ?? Number.NaN));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
