import type { FileHandle } from 'node:fs/promises';
import type { ChainEnd } from './chain.ts';

/** Digits of the largest safe integer. */
const WIDTH = 16;
const FORM = /^\{"lines": *(\d+),"bytes": *(\d+),"last": *(\d+),"hash":"([0-9a-f]{64})"\}\n$/;

/** The length is always the same, so that one write replaces the whole head. */
function format({ lines, bytes, last, hash }: ChainEnd): Buffer {
  const [wideLines, wideBytes, wideLast] = [lines, bytes, last].map((number) => String(number).padStart(WIDTH));
  return Buffer.from(`{"lines":${wideLines},"bytes":${wideBytes},"last":${wideLast},"hash":"${hash}"}\n`);
}

const SIZE = format({ lines: 0, bytes: 0, last: 0, hash: '0'.repeat(64) }).length;

/** The path of the head of an audit file. */
export function headOf(file: string): string {
  return `${file}.head`;
}

/** Reads the head; undefined if it is malformed or its numbers are impossible. */
export async function readHead(head: FileHandle): Promise<ChainEnd | undefined> {
  const buffer = Buffer.alloc(SIZE + 1);
  const { bytesRead } = await head.read(buffer, 0, buffer.length, 0);
  const [, lines, bytes, last, hash] = FORM.exec(buffer.toString('latin1', 0, bytesRead)) ?? [];
  if (bytesRead !== SIZE || hash === undefined) return undefined;
  const end = { lines: Number(lines), bytes: Number(bytes), last: Number(last), hash };
  const isEmpty = end.lines === 0 && end.bytes === 0 && end.last === 0;
  const isPossible = end.lines > 0 && end.last > 1 && end.last <= end.bytes;
  return (isEmpty || isPossible) && Number.isSafeInteger(end.bytes) ? end : undefined;
}

/** Reads the head without the lock. A write may be under way, so it reads until two reads in a row agree. */
export async function readHeadUnlocked(head: FileHandle): Promise<ChainEnd | undefined> {
  for (let before = await readHead(head); ; ) {
    const now = await readHead(head);
    if (JSON.stringify(now) === JSON.stringify(before)) return now;
    before = now;
  }
}

export async function writeHead(head: FileHandle, end: ChainEnd): Promise<void> {
  const buffer = format(end);
  const { bytesWritten } = await head.write(buffer, 0, buffer.length, 0);
  if (bytesWritten !== buffer.length) throw Object.assign(new Error('short write'), { code: 'ENOSPC' });
}

/** Writes a head whose old content is unknown, and may be longer. */
export async function resetHead(head: FileHandle, end: ChainEnd): Promise<void> {
  await writeHead(head, end);
  await head.truncate(SIZE);
}
