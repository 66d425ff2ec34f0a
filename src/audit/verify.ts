import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { markedEncoding } from '../core/encoding.ts';
import { type Break, type ChainEnd, follow, readLines } from './chain.ts';
import { headOf, readHeadUnlocked } from './head.ts';
import { codeOf } from './own_file.ts';
import { createTally, type OpenIntent, type Tally } from './tally.ts';
import { NO_LINE } from './trail_line.ts';

/** The result of a verification. If the trail is broken, the numbers count the lines before the break. */
export interface TrailReport extends Tally {
  readonly broken: Break | undefined;
  /** Number of valid lines from the start. */
  readonly lines: number;
  /** False if the head is missing or malformed; then lines that were cut off at the end cannot be noticed. */
  readonly hasHead: boolean;
  /** SHA-256 of the last line of the older file that this one continues. */
  readonly continues: string | undefined;
  /** The file ends in a partial line after the head's last: an append is under way, or its process was killed. */
  readonly hasUnfinished: boolean;
}

/**
 * Reads a trail once from start to end, without the lock, so other processes may append meanwhile.
 * @throws Error that says in our own words why the file cannot be read, for example "cannot be read: ENOENT"
 */
export async function verifyTrail(file: string): Promise<TrailReport> {
  // The head is read before the file, so that lines appended in between come after the head's last line.
  const head = await withFile(headOf(file), 'its head cannot be read', readHeadUnlocked).catch((error) => {
    if (codeOf(error.cause) !== 'ENOENT') throw error;
    return undefined;
  });
  return withFile(file, 'cannot be read', (audit) => examine(audit, head));
}

async function withFile<T>(path: string, failed: string, work: (file: FileHandle) => Promise<T>): Promise<T> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (!(await file.stat()).isFile()) throw new Error(`${failed}: not a regular file`);
      if (await isUtf16(file)) throw new Error(`${failed}: it is UTF-16, so a program has rewritten it`);
      return await work(file);
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = codeOf(error);
    throw code === undefined ? error : new Error(`${failed}: ${code}`, { cause: error });
  }
}

async function isUtf16(file: FileHandle): Promise<boolean> {
  const start = Buffer.alloc(2);
  await file.read(start, 0, start.length, 0);
  return markedEncoding(start) !== undefined;
}

async function examine(audit: FileHandle, head: ChainEnd | undefined): Promise<TrailReport> {
  const tally = createTally();
  const { size } = await audit.stat();
  let continues: string | undefined;
  // A head without lines still holds the hash that the first line must continue.
  let reached = head?.lines === 0 ? head : undefined;
  const end = (broken: Break | undefined, hasUnfinished = false): TrailReport => ({
    ...tally.soFar(),
    broken,
    lines: reached?.lines ?? 0,
    hasHead: head !== undefined,
    continues,
    hasUnfinished,
  });
  for await (const { raw, whole } of readLines(audit, 0, size)) {
    if (!whole) {
      const broken = cutShort(reached, head);
      return end(broken, broken === undefined);
    }
    const step = follow(reached, raw);
    if ('why' in step) return end(step);
    if (step.line.n === 1 && step.line.prev !== NO_LINE) continues = step.line.prev;
    const why = headMismatch(step.end, head) ?? tally.take(step.line, continues !== undefined);
    if (why !== undefined) return end({ line: step.line.n, why });
    reached = step.end;
  }
  return end(missingAtEnd(reached, head));
}

/** Compares the line that the head calls the last with the head. */
function headMismatch(reached: ChainEnd, head: ChainEnd | undefined): string | undefined {
  if (reached.lines !== head?.lines) return undefined;
  return reached.hash === head.hash && reached.bytes === head.bytes ? undefined : 'it is not what the head says it was';
}

function missingAtEnd(reached: ChainEnd | undefined, head: ChainEnd | undefined): Break | undefined {
  const lines = reached?.lines ?? 0;
  if (!head || lines >= head.lines) return undefined;
  return { line: lines + 1, why: `it is missing: the file ends before it, and the head knows ${head.lines} lines` };
}

function cutShort(reached: ChainEnd | undefined, head: ChainEnd | undefined): Break | undefined {
  const lines = reached?.lines ?? 0;
  return head && lines >= head.lines ? undefined : { line: lines + 1, why: 'it is cut short: the file ends in it' };
}

/** The report as text. The first line begins with OK or BROKEN. Only checked values of the file are quoted. */
export function trailReportText(report: TrailReport): string {
  const { broken, lines, intents } = report;
  if (broken) {
    const before = broken.line > 1 ? [`The chain is whole before it: ${count(lines, 'line')}.`] : [];
    return [`BROKEN at line ${broken.line}: ${broken.why}.`, ...before, ...headNote(report)].join('\n');
  }
  return [
    `OK: ${count(lines, 'line')}, ${count(intents, 'write')}, the chain is whole.`,
    ...openNote(report),
    ...unfinishedNote(report),
    ...continuesNote(report),
    ...headNote(report),
  ].join('\n');
}

function count(number: number, thing: string): string {
  return `${number} ${thing}${number === 1 ? '' : 's'}`;
}

function openNote({ open }: TrailReport): string[] {
  if (open.length === 0) return [];
  const which = open.length === 1 ? '1 write has' : `${open.length} writes have`;
  return [
    `${which} no outcome: it may have been carried out or not. Check these items in the Defender portal:`,
    ...open.map(toRow),
  ];
}

function toRow({ line, time, tool, call, ids }: OpenIntent): string {
  const what = `${time ?? '(no valid time)'} ${tool ?? '(no valid tool)'}, ${count(ids, 'id')}`;
  return `  line ${line}: ${what}, call ${call ?? '(no valid id)'}`;
}

function unfinishedNote({ hasUnfinished, lines }: TrailReport): string[] {
  if (!hasUnfinished) return [];
  return [
    `After line ${lines} stands an append that has not ended, or whose process was killed; if so, the next clears it.`,
  ];
}

function continuesNote({ continues, carried }: TrailReport): string[] {
  if (continues === undefined) return [];
  const outcomes = carried === 0 ? '' : ` ${count(carried, 'outcome')} belong to writes announced there.`;
  return [`It continues an older file, in which a line has the SHA-256 ${continues}.${outcomes}`];
}

function headNote({ hasHead }: TrailReport): string[] {
  return hasHead ? [] : ['There is no readable .head file beside it, so lines cut off at the end cannot be told.'];
}
