import type { FileHandle } from 'node:fs/promises';
import { LONGEST_LINE, parseLine, type TrailLine } from './trail_line.ts';

/** How far a trail goes: what the head keeps, and what a reader has seen so far. */
export interface Place {
  /** Number of lines. */
  readonly lines: number;
  /** Their size in bytes, newlines included. */
  readonly bytes: number;
  /** Size of the last of them in bytes, newline included; 0 when there is none. */
  readonly last: number;
  /** What the next line's `prev` has to be: SHA-256 of the last line, or of the older file's last line. */
  readonly hash: string;
}

/** The first line at which a trail is not what was written, and why we think so: always words of our own. */
export interface Break {
  readonly line: number;
  readonly why: string;
}

export interface Step {
  readonly place: Place;
  readonly line: TrailLine;
}

/**
 * One line further.
 * @param place undefined at the start of a file without a head, which may continue any older file
 * @param raw the line's bytes without the newline
 */
export function follow(place: Place | undefined, raw: Buffer): Step | Break {
  const expected = (place?.lines ?? 0) + 1;
  const line = parseLine(raw);
  const why = typeof line === 'string' ? line : misplaced(line, expected, place?.hash ?? line.prev);
  if (typeof line === 'string' || why !== undefined) return { line: expected, why: why ?? '' };
  const last = raw.length + 1;
  return { line, place: { lines: expected, bytes: (place?.bytes ?? 0) + last, last, hash: line.hash } };
}

function misplaced({ n, prev }: TrailLine, expected: number, hash: string): string | undefined {
  if (n > expected) return `it is missing: line ${n} stands in its place, so lines were deleted or swapped`;
  if (n < expected) return `line ${n} stands in its place, so a line was duplicated, moved or inserted`;
  if (prev === hash) return undefined;
  return expected === 1
    ? 'it does not continue what the head says came before'
    : `it does not continue line ${expected - 1}: one of the two was replaced`;
}

/** One line of a file, or what stands after the last newline. */
export interface Piece {
  /** Without the newline. */
  readonly raw: Buffer;
  readonly whole: boolean;
}

const CHUNK = 2 ** 16;

/** The pieces of a file from one position to another, with no more than one line and one chunk in memory. */
export async function* readPieces(file: FileHandle, start: number, end: number): AsyncGenerator<Piece> {
  let rest = Buffer.alloc(0);
  for (let position = start; position < end; ) {
    const chunk = Buffer.alloc(Math.min(CHUNK, end - position));
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
    if (rest.length > LONGEST_LINE) {
      // The trail wrote no such line: in its place stands one that cannot be read.
      yield { raw: Buffer.alloc(0), whole: true };
      return;
    }
  }
  if (rest.length > 0) yield { raw: rest, whole: false };
}
