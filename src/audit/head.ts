import type { FileHandle } from 'node:fs/promises';
import type { Place } from './chain.ts';

/** Digits of the largest safe integer. */
const WIDTH = 16;
const FORM = /^\{"lines": *(\d+),"bytes": *(\d+),"last": *(\d+),"hash":"([0-9a-f]{64})"\}\n$/;

/** Always of the same length, so that one write in place replaces the whole of it. */
function format({ lines, bytes, last, hash }: Place): Buffer {
  const [wideLines, wideBytes, wideLast] = [lines, bytes, last].map((number) => String(number).padStart(WIDTH));
  return Buffer.from(`{"lines":${wideLines},"bytes":${wideBytes},"last":${wideLast},"hash":"${hash}"}\n`);
}

const SIZE = format({ lines: 0, bytes: 0, last: 0, hash: '0'.repeat(64) }).length;

/** The head's name: it stands beside its audit file. */
export function headOf(file: string): string {
  return `${file}.head`;
}

/** What the head says, or undefined when it says nothing that can be so. */
export async function readHead(head: FileHandle): Promise<Place | undefined> {
  const buffer = Buffer.alloc(SIZE + 1);
  const { bytesRead } = await head.read(buffer, 0, buffer.length, 0);
  const [, lines, bytes, last, hash] = FORM.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
  if (bytesRead !== SIZE || hash === undefined) return undefined;
  const place = { lines: Number(lines), bytes: Number(bytes), last: Number(last), hash };
  const isEmpty = place.lines === 0 && place.bytes === 0 && place.last === 0;
  const isPossible = place.lines > 0 && place.last > 1 && place.last <= place.bytes;
  return (isEmpty || isPossible) && Number.isSafeInteger(place.bytes) ? place : undefined;
}

/** For a reader without the lock: a write may be under way, so only what was read twice counts. */
export async function readHeadUnlocked(head: FileHandle): Promise<Place | undefined> {
  for (let before = await readHead(head); ; ) {
    const now = await readHead(head);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

export async function writeHead(head: FileHandle, place: Place): Promise<void> {
  const buffer = format(place);
  const { bytesWritten } = await head.write(buffer, 0, buffer.length, 0);
  if (bytesWritten !== buffer.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
}

/** The same for a head that may hold anything, and more of it. */
export async function resetHead(head: FileHandle, place: Place): Promise<void> {
  await writeHead(head, place);
  await head.truncate(SIZE);
}
