import { createHash } from 'node:crypto';
import { MARK_BYTES, type Position } from './position.ts';

/** Names the layout, so that a later version can recognise older cursors. */
const PREFIX = 'c1.';
const TENANT_BYTES = 4;
const TIME_BYTES = 6;
const CHECK_BYTES = 4;

/** A position as text: tenant (hashed), time, marks and a checksum, in base64url. @param tenant the tenant's origin */
export function toCursor({ high, seen }: Position, tenant: string): string {
  const time = Buffer.alloc(TIME_BYTES);
  time.writeUIntBE(high, 0, TIME_BYTES);
  const body = Buffer.concat([digest(tenant, TENANT_BYTES), time, Buffer.from([...seen].join(''), 'hex')]);
  return PREFIX + Buffer.concat([body, digest(body, CHECK_BYTES)]).toString('base64url');
}

/** @returns the position, or why the text is no cursor of this tenant, worded as the end of a sentence */
export function fromCursor(text: string, tenant: string): Position | { readonly problem: string } {
  const bytes = Buffer.from(text.startsWith(PREFIX) ? text.slice(PREFIX.length) : '', 'base64url');
  const body = bytes.subarray(0, -CHECK_BYTES);
  const marks = body.subarray(TENANT_BYTES + TIME_BYTES);
  // Decoding skips characters that are not base64url, so encode again and compare: nothing may have been added.
  const isWhole =
    text === PREFIX + bytes.toString('base64url') &&
    body.length >= TENANT_BYTES + TIME_BYTES &&
    marks.length % MARK_BYTES === 0;
  if (!isWhole || !bytes.subarray(-CHECK_BYTES).equals(digest(body, CHECK_BYTES))) {
    return { problem: 'is damaged, or not one that this tool has returned' };
  }
  if (!body.subarray(0, TENANT_BYTES).equals(digest(tenant, TENANT_BYTES))) return { problem: 'is of another tenant' };
  const count = marks.length / MARK_BYTES;
  const seen = Array.from({ length: count }, (_, n) => marks.toString('hex', n * MARK_BYTES, (n + 1) * MARK_BYTES));
  return { high: body.readUIntBE(TENANT_BYTES, TIME_BYTES), seen: new Set(seen) };
}

function digest(data: string | Buffer, bytes: number): Buffer {
  return createHash('sha256').update(data).digest().subarray(0, bytes);
}
