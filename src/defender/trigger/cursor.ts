import { createHash } from 'node:crypto';
import { NO_TIME } from './alert_time.ts';
import { MARK_BYTES, MAX_MARKS, type Position, sinceOf } from './position.ts';

/** Names the layout, so that a later version can recognise older cursors. */
const PREFIX = 'c2.';
/** The layout before: tenant, time of the newest alert in six bytes, marks without times, checksum. */
const OLD_PREFIX = 'c1.';
const OLD_TIME_BYTES = 6;
const TENANT_BYTES = 4;
const CHECK_BYTES = 4;

/** No cursor is longer, in characters: a position holds few marks, and a mark and its time take 13 bytes at most. */
export const MAX_CURSOR = 20_000;

/**
 * A position as text, in base64url: tenant (hashed), numbers, marks in order, each after the time since the one before,
 * and a checksum. A number takes 7 bits a byte, the lowest first; all but its last byte have the highest bit set.
 * @param tenant the tenant's origin
 */
export function toCursor({ since, passed, from, next, due, marks }: Position, tenant: string): string {
  const place = [...numbers(since.time, passed, since.mark.length), ...Buffer.from(since.mark, 'hex')];
  const bytes = [...digest(tenant, TENANT_BYTES), ...place, ...numbers(from, next, due)];
  let last = since.time;
  for (const [mark, time] of marks) {
    bytes.push(...numbers(time - last), ...Buffer.from(mark, 'hex'));
    last = time;
  }
  const body = Buffer.from(bytes);
  return PREFIX + Buffer.concat([body, digest(body, CHECK_BYTES)]).toString('base64url');
}

/** @returns the position, or why the text is no cursor of this tenant, worded as the end of a sentence */
export function fromCursor(text: string, tenant: string): Position | { readonly problem: string } {
  const prefix = text.slice(0, PREFIX.length);
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const body = bytes.subarray(0, -CHECK_BYTES);
  // Decoding skips characters that are not base64url, so encode again and compare: nothing may have been added.
  const isWhole =
    text === prefix + bytes.toString('base64url') && bytes.subarray(-CHECK_BYTES).equals(digest(body, CHECK_BYTES));
  const content = body.subarray(TENANT_BYTES);
  const read = prefix === PREFIX ? toPosition : prefix === OLD_PREFIX ? fromOld : undefined;
  const position = isWhole ? read?.(content) : undefined;
  if (!position) return { problem: 'is damaged, or not one that this tool has returned' };
  if (!body.subarray(0, TENANT_BYTES).equals(digest(tenant, TENANT_BYTES))) return { problem: 'is of another tenant' };
  return position;
}

/** Undefined if the bytes are no position; a checksum is no proof that this tool has made them. */
function toPosition(bytes: Buffer): Position | undefined {
  const reader = createReader(bytes);
  const time = reader.number();
  const passed = reader.number();
  const since = { time, mark: reader.number() > 0 ? reader.mark() : '' };
  const [from, next, due] = [reader.number(), reader.number(), reader.number()];
  const marks = new Map<string, number>();
  let last = time;
  while (reader.left() > 0) {
    last += reader.number();
    marks.set(reader.mark(), last);
  }
  const isValid = [last, passed, from, next, due].every((number) => number <= NO_TIME) && marks.size <= MAX_MARKS;
  return isValid && reader.left() === 0 ? { since, passed, from, next, due, marks } : undefined;
}

/** The marks of the old layout have no times, so all of them get the latest that they can have. */
function fromOld(bytes: Buffer): Position | undefined {
  const { left, mark } = createReader(bytes.subarray(OLD_TIME_BYTES));
  if (bytes.length < OLD_TIME_BYTES || left() % MARK_BYTES > 0 || left() > MAX_MARKS * MARK_BYTES) return undefined;
  const high = bytes.readUIntBE(0, OLD_TIME_BYTES);
  const time = sinceOf(high);
  const marks = new Map<string, number>();
  while (left() > 0) marks.set(mark(), high);
  return { since: { time, mark: '' }, passed: 0, from: time, next: time, due: 0, marks };
}

/** Reads bytes from the first on. Beyond the last, a number is NaN, and `left` is negative. */
function createReader(bytes: Buffer) {
  let at = 0;
  return {
    left: () => bytes.length - at,
    number() {
      let value = 0;
      for (let unit = 1; ; unit *= 128) {
        const byte = bytes[at++] ?? Number.NaN;
        value += (byte % 128) * unit;
        if (!(byte >= 128)) return value;
      }
    },
    mark() {
      at += MARK_BYTES;
      return bytes.toString('hex', at - MARK_BYTES, at);
    },
  };
}

/** Whole numbers from 0 on as bytes. */
function numbers(...values: readonly number[]): number[] {
  return values.flatMap((value) => {
    const bytes: number[] = [];
    for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
      bytes.push((rest % 128) + (rest >= 128 ? 128 : 0));
    }
    return bytes;
  });
}

function digest(data: string | Buffer, bytes: number): Buffer {
  return createHash('sha256').update(data).digest().subarray(0, bytes);
}
