import { createHash } from 'node:crypto';
import { markedEncoding } from '../core/encoding.ts';

type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [key: string]: JsonValue };

/** What the caller records. Verification matches `event` and `call`, and reports `time`, `tool` and how many `ids`. */
export interface Entry {
  readonly event: 'intent' | 'outcome';
  /** A UUID that the intent and its outcome share. */
  readonly call: string;
  /** ISO-8601 UTC. */
  readonly time: string;
  readonly [key: string]: JsonValue;
}

/** One line as read: its position in the chain, and all its members, which are not checked. */
export interface TrailLine {
  readonly n: number;
  /** SHA-256 of the line before, as hex. */
  readonly prev: string;
  /** SHA-256 of this line's bytes without the newline, as hex. */
  readonly hash: string;
  readonly members: Readonly<Record<string, unknown>>;
}

/** `prev` of the first line of the first file. */
export const NO_LINE = '0'.repeat(64);

/** In bytes; an intent with 1,000 ids has about 67,000. */
export const MAX_LINE_BYTES = 2 ** 20;

const NEWLINE = '\n';
const FRAME = /^\{"n":([1-9]\d{0,14}),.*,"prev":"([0-9a-f]{64})","sum":"([0-9a-f]{64})"\}$/s;
/** Bytes at the end of a line that `sum` does not cover: `,"sum":"`, 64 digits and `"}`. */
const SUM_LENGTH = 74;

export function sha256(bytes: Buffer | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Formats a line with its newline. An entry must not have members named n, prev or sum, which the trail adds. */
export function formatLine(n: number, entry: Entry, prev: string): Buffer {
  // Not one object with all members, because JavaScript puts members with numeric names first, before `n`.
  const body = `{"n":${n},${JSON.stringify(entry).slice(1, -1)},"prev":"${prev}"`;
  return Buffer.from(`${body},"sum":"${sha256(body)}"}${NEWLINE}`);
}

/** @param raw the line's bytes without the newline @returns the line, or why it is not valid */
export function parseLine(raw: Buffer): TrailLine | string {
  const text = raw.toString('utf8');
  const [, n, prev, sum] = FRAME.exec(text) ?? [];
  if (n === undefined || prev === undefined) {
    if (markedEncoding(raw)) return 'it begins with a byte order mark: a program has rewritten the file';
    return 'it cannot be read: it was changed or cut short';
  }
  if (sha256(raw.subarray(0, -SUM_LENGTH)) !== sum) return 'its own sum does not fit: this line was changed';
  try {
    return { n: Number(n), prev, hash: sha256(raw), members: JSON.parse(text) };
  } catch {
    return 'it cannot be read: it is not JSON';
  }
}
