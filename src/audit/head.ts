import type { FileHandle } from 'node:fs/promises';
import { Fault } from '../core/errors.ts';
import type { ChainEnd } from './chain.ts';
import { NO_LINE } from './trail_line.ts';

/** The end of a trail without lines that continues no other. */
export const START: ChainEnd = { lines: 0, bytes: 0, last: 0, hash: NO_LINE };

/** Digits of the largest safe integer. */
const WIDTH = 16;
const FORM = /^\{"lines": *(\d+),"bytes": *(\d+),"last": *(\d+),"hash":"([0-9a-f]{64})"\}\n$/;

/** The length is always the same, so that one write replaces the whole head. */
function format({ lines, bytes, last, hash }: ChainEnd): Buffer {
  const [wideLines, wideBytes, wideLast] = [lines, bytes, last].map((number) => String(number).padStart(WIDTH));
  return Buffer.from(`{"lines":${wideLines},"bytes":${wideBytes},"last":${wideLast},"hash":"${hash}"}\n`);
}

const SIZE = format(START).length;

/** What all heads have in common: their text but for numbers and hash. */
const toOutline = (text: string) => text.replace(/[\da-f -]/g, '0');
const OUTLINE = toOutline(format(START).toString());

/** The path of the head of an audit file. */
export function headOf(file: string): string {
  return `${file}.head`;
}

/**
 * Refuses a file that is no head, nor what a crash can leave of one: its beginning, zeros or nothing.
 * @throws Fault audit_failed
 */
export async function assertHead(head: FileHandle): Promise<void> {
  const text = await readText(head);
  const isZeros = text.length <= SIZE && /^\0*$/.test(text);
  if (isZeros || OUTLINE.startsWith(toOutline(text))) return;
  throw new Fault('audit_failed', "Where the audit file's head belongs stands another file: move it away.");
}

/** Reads the head; undefined if it is malformed or its numbers are impossible. */
export async function readHead(head: FileHandle): Promise<ChainEnd | undefined> {
  const text = await readText(head);
  const [, lines, bytes, last, hash] = FORM.exec(text) ?? [];
  if (text.length !== SIZE || hash === undefined) return undefined;
  const end = { lines: Number(lines), bytes: Number(bytes), last: Number(last), hash };
  const isEmpty = end.lines === 0 && end.bytes === 0 && end.last === 0;
  const isPossible = end.lines > 0 && end.last > 1 && end.last <= end.bytes;
  return (isEmpty || isPossible) && Number.isSafeInteger(end.bytes) ? end : undefined;
}

/** One byte more than a head has, so that a longer file is not taken for one. */
async function readText(head: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(SIZE + 1);
  const { bytesRead } = await head.read(buffer, 0, buffer.length, 0);
  return buffer.toString('latin1', 0, bytesRead);
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
