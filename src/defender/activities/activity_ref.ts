import { createHash } from 'node:crypto';

/** Ids of activities have up to 64 characters and cost some 35 tokens each. */
const LONGEST_SHOWN = 24;
const HASH_LENGTH = 2;
const REF = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)-([\da-z]{2})$/;

/**
 * A short name of an activity: its second, UTC, and a hash of its id, as in `2026-01-31T08:00:00-k3`. A short id
 * stands for itself. `mdca_get_activity` finds the activity by it, with no memory of the server.
 * @param time ISO-8601
 */
export function toRef(id: string, time: string | undefined): string {
  return id.length <= LONGEST_SHOWN || time === undefined ? id : `${time.slice(0, 19)}-${hashOf(id)}`;
}

/** @returns the second of the activity in ms, and whether an id is the one meant; undefined if it is no reference */
export function fromRef(text: string): { readonly second: number; means(id: string): boolean } | undefined {
  const [, time, hash] = REF.exec(text) ?? [];
  return time === undefined ? undefined : { second: Date.parse(`${time}Z`), means: (id) => hashOf(id) === hash };
}

function hashOf(id: string): string {
  const bytes = createHash('sha256').update(id).digest();
  return (bytes.readUInt32BE() % 36 ** HASH_LENGTH).toString(36).padStart(HASH_LENGTH, '0');
}
