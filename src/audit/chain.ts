import type { FileHandle } from 'node:fs/promises';
import { MAX_LINE_BYTES, parseLine, sha256, type TrailLine } from './trail_line.ts';

/** Where a trail ends: as its head has stored it, or as far as a reader has come. */
export interface ChainEnd {
  /** Number of lines. */
  readonly lines: number;
  /** Their size in bytes, newlines included. */
  readonly bytes: number;
  /** Size of the last of them in bytes, newline included; 0 when there is none. */
  readonly last: number;
  /** What `prev` of the next line must be: SHA-256 of the last line, or of the older file's last line. */
  readonly hash: string;
}

/** The first line that is not as it was written, and the reason in our own words. */
export interface Break {
  readonly line: number;
  readonly why: string;
}

export interface Step {
  readonly end: ChainEnd;
  readonly line: TrailLine;
}

/**
 * Checks the next line.
 * @param end where the lines before it end; undefined at the start of a file without a head, which may continue any
 * older file
 * @param raw the line's bytes without the newline
 */
export function follow(end: ChainEnd | undefined, raw: Buffer): Step | Break {
  const expected = (end?.lines ?? 0) + 1;
  const line = parseLine(raw);
  const why = typeof line === 'string' ? line : misplaced(line, expected, end?.hash ?? line.prev);
  if (typeof line === 'string' || why !== undefined) return { line: expected, why: why ?? '' };
  const last = raw.length + 1;
  return { line, end: { lines: expected, bytes: (end?.bytes ?? 0) + last, last, hash: line.hash } };
}

function misplaced({ n, prev }: TrailLine, expected: number, hash: string): string | undefined {
  if (n > expected) return `it is missing: line ${n} stands in its place, so lines were deleted or swapped`;
  if (n < expected) return `line ${n} stands in its place, so a line was duplicated, moved or inserted`;
  if (prev === hash) return undefined;
  return expected === 1
    ? 'it does not continue what the head says came before'
    : `it does not continue line ${expected - 1}: one of the two was replaced`;
}

/** One line of a file, or the bytes after the last newline. */
export interface RawLine {
  /** Without the newline. */
  readonly raw: Buffer;
  /** False for the bytes after the last newline. */
  readonly whole: boolean;
}

const CHUNK_BYTES = 2 ** 16;

/** Reads the lines of a file between two byte positions, with about one line and one chunk in memory. */
export async function* readLines(file: FileHandle, start: number, end: number): AsyncGenerator<RawLine> {
  let rest = Buffer.alloc(0);
  for (let position = start; position < end; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, end - position));
    const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    rest = Buffer.concat([rest, chunk.subarray(0, bytesRead)]);
    let from = 0;
    for (let to = rest.indexOf('\n'); to >= 0; to = rest.indexOf('\n', from)) {
      yield { raw: rest.subarray(from, to), whole: true };
      from = to + 1;
    }
    rest = rest.subarray(from);
    if (rest.length > MAX_LINE_BYTES) {
      // The trail writes no line that long, so it yields an empty line, which the reader rejects.
      yield { raw: Buffer.alloc(0), whole: true };
      return;
    }
  }
  if (rest.length > 0) yield { raw: rest, whole: false };
}

/** How far a file goes on after a known end. */
export interface Continuation {
  /** After the last line that fits. */
  readonly end: ChainEnd;
  /** Why the next one does not, or why the file does not have the last known line. */
  readonly broken?: Break;
  /** Bytes without a newline stand at the end. */
  readonly isCutShort: boolean;
}

/** Reads the last known line of a file, and all lines after it. @param size of the file in bytes */
export async function readOn(file: FileHandle, known: ChainEnd, size: number): Promise<Continuation> {
  let end = known;
  let isKnownLine = known.lines > 0;
  for await (const { raw, whole } of readLines(file, known.bytes - known.last, size)) {
    if (isKnownLine) {
      if (sha256(raw) !== known.hash) return { end, broken: { line: known.lines, why: NOT_KNOWN }, isCutShort: false };
      isKnownLine = false;
    } else if (whole) {
      const step = follow(end, raw);
      if ('why' in step) return { end, broken: step, isCutShort: false };
      end = step.end;
    } else {
      return { end, isCutShort: true };
    }
  }
  return { end, isCutShort: false };
}

const NOT_KNOWN = 'it is not what the head says';
