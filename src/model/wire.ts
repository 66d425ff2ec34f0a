import * as z from 'zod';

/**
 * Fields of the service's records. Records vary from app to app and year to year, so a field of another type than
 * documented counts as absent and never spoils its record (defender-api.md Appendix B).
 */
export const wireText = z.string().optional().catch(undefined);
/** A number, also where it stands as text. */
const digits = z
  .string()
  .regex(/^-?\d{1,15}$/)
  .transform(Number);
export const wireNumber = z.union([z.number(), digits]).optional().catch(undefined);
/** A whole number that is not negative. */
export const wireCount = z.union([z.int().nonnegative(), digits]).optional().catch(undefined);
/** A number that decides something: -1 where it stands there but cannot be read, so that it is not taken for absent. */
export const wireCode = z.union([z.number(), digits]).nullish().catch(-1);
export const wireBoolean = z.boolean().optional().catch(undefined);
/** ms since the epoch, or in some fields an ISO date (§2.5). */
export const wireTime = z.union([z.number(), z.string()]).optional().catch(undefined);
/** Ids of entities are text, but those of apps are numbers. */
export const wireId = z.union([z.string(), z.number()]).optional().catch(undefined);

/** A list whose unreadable members are left out. */
export function wireList<T extends z.ZodType>(member: T) {
  return z
    .array(z.unknown())
    .catch([])
    .transform((records) => records.flatMap((record) => readable(member, record)));
}

function readable<T extends z.ZodType>(schema: T, record: unknown): z.output<T>[] {
  const read = schema.safeParse(record);
  return read.success ? [read.data] : [];
}

/** ISO-8601 in UTC, or undefined for what is no time. */
export function toIso(time: number | string | undefined): string | undefined {
  const date = new Date(/^\d{1,15}$/.test(String(time)) ? Number(time) : (time ?? Number.NaN));
  return Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
