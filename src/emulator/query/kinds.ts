import { isRecord } from '../json.ts';

/** The type of a filter field's values: which values a caller may send, and when two are the same. */
export interface Kind {
  accepts(wanted: unknown): boolean;
  same(actual: unknown, wanted: unknown): boolean;
  /** A record's value as the operators on text see it. */
  text(actual: unknown): string;
}

/** Text is compared without case. */
export const lower = (value: unknown): string => String(value).toLowerCase();

export const word: Kind = {
  accepts: (wanted) => typeof wanted === 'string' || typeof wanted === 'number',
  same: (actual, wanted) => lower(actual) === lower(wanted),
  text: String,
};

/** Text, or null for records without it (docs/defender-api.md 5.3). */
export const wordOrNull: Kind = {
  ...word,
  accepts: (wanted) => wanted === null || word.accepts(wanted),
  same: (actual, wanted) => (wanted === null ? actual === null : actual !== null && word.same(actual, wanted)),
};

/** A 24-hex id in either case (docs/defender-api.md 2.4). */
export const objectId: Kind = {
  accepts: (wanted) => typeof wanted === 'string' && /^[0-9a-f]{24}$/i.test(wanted),
  same: word.same,
  text: String,
};

/** A number, or its decimal text. */
export const number: Kind = {
  accepts: (wanted) =>
    typeof wanted === 'number' || (typeof wanted === 'string' && wanted.trim() !== '' && !Number.isNaN(Number(wanted))),
  same: (actual, wanted) => actual === Number(wanted),
  text: String,
};

export const flag: Kind = {
  accepts: (wanted) => typeof wanted === 'boolean',
  same: (actual, wanted) => actual === wanted,
  text: String,
};

/** True, false, or null for records of which neither is known (docs/defender-api.md 8.2). */
export const flagOrNull: Kind = { ...flag, accepts: (wanted) => wanted === null || flag.accepts(wanted) };

/** Entity key `{id, saas?, inst?}`: the parts that the caller gives must agree (docs/defender-api.md 2.4). */
export const entityKey: Kind = {
  accepts: (wanted) => isRecord(wanted) && typeof wanted.id === 'string',
  same: (actual, wanted) =>
    isRecord(actual) &&
    isRecord(wanted) &&
    word.same(actual.id, wanted.id) &&
    (wanted.saas === undefined || wanted.saas === actual.saas) &&
    (wanted.inst === undefined || wanted.inst === actual.inst),
  text: (actual) => (isRecord(actual) ? String(actual.id) : ''),
};
