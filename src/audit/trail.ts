import type { FileHandle } from 'node:fs/promises';
import { Fault } from '../core/errors.ts';
import { type Break, type ChainEnd, follow, readLines, readOn } from './chain.ts';
import { assertHead, headOf, readHead, START, writeHead } from './head.ts';
import { lock, openLocked } from './lock.ts';
import { endOfMoved } from './moved.ts';
import { assertUsable, attempt, codeOf, flushDirectoryOf, openPrivate, restrictToOwner } from './own_file.ts';
import { type Entry, formatLine, MAX_LINE_BYTES, sha256 } from './trail_line.ts';

export type { Entry } from './trail_line.ts';

/** An audit file that several processes may append to. The file `FILE.head` beside it stores where it ends. */
export interface Trail {
  /**
   * Resolves when the line is on the disk. Entries of this process are written in the order of the calls.
   * @throws Fault audit_failed. The line may still be in the trail, for example if only the head failed
   */
  append(entry: Entry): Promise<void>;
  /**
   * Does all that `append` does except for the line: creates missing files, removes what a killed process left.
   * @throws Fault audit_failed
   */
  check(): Promise<void>;
}

/** Both files, open and locked, and where the next line goes. */
interface Opened {
  readonly audit: FileHandle;
  readonly head: FileHandle;
  readonly end: ChainEnd;
}

/** @param patience how long a call waits for the calls before it and for the lock, ms */
export function createTrail(file: string, { patience = 10_000 }: { readonly patience?: number } = {}): Trail {
  let queue: Promise<unknown> = Promise.resolve();
  const enqueue = (work: (opened: Opened) => Promise<void>): Promise<void> => {
    const until = performance.now() + patience;
    const turn = queue.then(() => attempt('The audit file failed', () => withTrail(file, until, work)));
    queue = turn.catch(() => {});
    return turn;
  };
  return {
    append: (entry) => enqueue((opened) => add(opened, entry)),
    check: () => enqueue(async () => {}),
  };
}

async function withTrail(file: string, until: number, work: (opened: Opened) => Promise<void>): Promise<void> {
  await assertUsable(file);
  const { file: head, release } = await openLocked(headOf(file), until);
  try {
    const known = await attempt("The audit file's head could not be read", async () => {
      await assertHead(head);
      return readHead(head);
    });
    const found = await openAudit(file, head, known);
    try {
      // The lock on the head excludes processes that use the same path, this one those that use another path.
      await lock(found.audit, until);
      const end = await attempt('The audit file could not be read', () => findEnd(found));
      // Not before, because only now both are known to be what they should be.
      await attempt('The audit file could not be made private', async () => {
        await restrictToOwner(head);
        await restrictToOwner(found.audit);
      });
      // Now, as the file may be moved away before the next line is written.
      if (end !== found.known) await updateHead(head, end);
      await work({ audit: found.audit, head, end });
    } finally {
      await found.audit.close();
    }
  } finally {
    await release();
  }
}

interface Found {
  readonly audit: FileHandle;
  /** What the head says about the audit file. */
  readonly known: ChainEnd | undefined;
}

async function openAudit(file: string, head: FileHandle, known: ChainEnd | undefined): Promise<Found> {
  const existing = await attempt('The audit file could not be opened', () =>
    openPrivate(file, 'fail').catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    }),
  );
  if (existing) return { audit: existing.file, known };
  // If there is a head, the old file was rotated away, and the new file continues it. The head is written first: if the
  // process is killed in between, the next one finds the same state again.
  const fresh = { ...START, hash: known ? (await endOfMoved(file, known)).hash : START.hash };
  await updateHead(head, fresh);
  return attempt('The audit file could not be created', async () => {
    const { file: audit } = await openPrivate(file, 'create');
    await flushDirectoryOf(file);
    return { audit, known: fresh };
  });
}

/** Finds where the next line goes. Takes in whole lines that a killed process left, and removes a part of a line. */
async function findEnd({ audit, known }: Found): Promise<ChainEnd> {
  const { size } = await audit.stat();
  if (!known) return readAll(audit, size);
  if (size < known.bytes) throw damaged('its end is missing');
  const { end, broken, isCutShort } = await readOn(audit, known, size);
  if (broken) throw damagedAt(broken);
  // A process was killed while it wrote. Its `append` has not resolved, so no write was sent because of this line.
  if (isCutShort) await audit.truncate(end.bytes);
  return end;
}

/** Reads a file without a head. A last line without newline may be a truncated one, so it is an error. */
async function readAll(audit: FileHandle, size: number): Promise<ChainEnd> {
  let end: ChainEnd | undefined;
  for await (const { raw, whole } of readLines(audit, 0, size)) {
    const line = (end?.lines ?? 0) + 1;
    const step = whole ? follow(end, raw) : { line, why: 'it is cut short' };
    if ('why' in step) throw damagedAt(step);
    end = step.end;
  }
  return end ?? START;
}

function damagedAt({ line, why }: Break): Fault {
  return damaged(`line ${line}: ${why}`);
}

function damaged(why: string): Fault {
  return new Fault(
    'audit_failed',
    `The audit file is damaged (${why}): run verify-audit, then move the file away to begin a new one.`,
  );
}

function updateHead(head: FileHandle, end: ChainEnd): Promise<void> {
  return attempt("The audit file's head could not be written", () => writeHead(head, end));
}

async function add({ audit, head, end }: Opened, entry: Entry): Promise<void> {
  const line = formatLine(end.lines + 1, entry, end.hash);
  if (line.length > MAX_LINE_BYTES) throw new Fault('audit_failed', 'The entry is too long for the audit file.');
  await attempt('The audit file could not be written', () => writeLine(audit, line, end.bytes));
  const newEnd = {
    lines: end.lines + 1,
    bytes: end.bytes + line.length,
    last: line.length,
    hash: sha256(line.subarray(0, -1)),
  };
  await updateHead(head, newEnd);
}

async function writeLine(audit: FileHandle, line: Buffer, position: number): Promise<void> {
  try {
    for (let done = 0; done < line.length; ) {
      done += (await audit.write(line, done, line.length - done, position + done)).bytesWritten;
    }
    // Before the head is written: after a power failure it must not count lines that are not on the disk.
    await audit.datasync();
  } catch (error) {
    // For example on a full disk. If this fails too, the next append removes the partial line.
    await audit.truncate(position).catch(() => {});
    throw error;
  }
}
