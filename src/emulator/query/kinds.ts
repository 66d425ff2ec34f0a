import { isRecord } from '../json.ts';

/** The type of a filter field's values: which values a caller may send, and when two are the same. */
export interface Kind {
  accepts(wanted: unknown): boolean;
  same(actual: unknown, wanted: unknown): boolean;
}

/** Text is compared without case. */
export const lower = (value: unknown): string => String(value).toLowerCase();

export const word: Kind = {
  accepts: (wanted) => typeof wanted === 'string' || typeof wanted === 'number',
  same: (actual, wanted) => lower(actual) === lower(wanted),
};

/** A 24-hex id in either case (docs/defender-api.md 2.4). */
export const objectId: Kind = {
  accepts: (wanted) => typeof wanted === 'string' && /^[0-9a-f]{24}$/i.test(wanted),
  same: word.same,
};

/** A number, or its decimal text. */
export const number: Kind = {
  accepts: (wanted) =>
    typeof wanted === 'number' || (typeof wanted === 'string' && wanted.trim() !== '' && !Number.isNaN(Number(wanted))),
  same: (actual, wanted) => actual === Number(wanted),
};

export const flag: Kind = {
  accepts: (wanted) => typeof wanted === 'boolean',
  same: (actual, wanted) => actual === wanted,
};

/** Entity key `{id, saas?, inst?}`: the parts that the caller gives must agree (docs/defender-api.md 2.4). */
export const entityKey: Kind = {
  accepts: (wanted) => isRecord(wanted) && typeof wanted.id === 'string',
  same: (actual, wanted) =>
    isRecord(actual) &&
    isRecord(wanted) &&
    word.same(actual.id, wanted.id) &&
    (wanted.saas === undefined || wanted.saas === actual.saas) &&
    (wanted.inst === undefined || wanted.inst === actual.inst),
};
