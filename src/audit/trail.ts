import type { FileHandle } from 'node:fs/promises';
import { Fault } from '../core/errors.ts';
import { type ChainEnd, follow, readLines } from './chain.ts';
import { headOf, readHead, resetHead, writeHead } from './head.ts';
import { lock, openLocked } from './lock.ts';
import { assertUsable, attempt, codeOf, flushDirectoryOf, openPrivate, restrictToOwner } from './own_file.ts';
import { type Entry, formatLine, MAX_LINE_BYTES, NO_LINE, sha256 } from './trail_line.ts';

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

const START: ChainEnd = { lines: 0, bytes: 0, last: 0, hash: NO_LINE };

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
    const found = await openAudit(file, head);
    try {
      // The lock on the head excludes processes that use the same path, this one those that use another path.
      await lock(found.audit, until);
      const end = await attempt('The audit file could not be read', () => findEnd(found, head));
      // Not before, because only a file with valid lines is known to be an audit file.
      await attempt('The audit file could not be made private', async () =>
        restrictToOwner({ file: found.audit, stats: await found.audit.stat() }),
      );
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

async function openAudit(file: string, head: FileHandle): Promise<Found> {
  const known = await attempt("The audit file's head could not be read", () => readHead(head));
  const existing = await attempt('The audit file could not be opened', () =>
    openPrivate(file, 'fail').catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    }),
  );
  if (existing) return { audit: existing.file, known };
  return attempt('The audit file could not be created', async () => {
    // If there is a head, the old file was rotated away, and the new file continues it. The head is written first: if
    // the process is killed in between, the next one finds the same state again.
    const fresh = { ...START, hash: known?.hash ?? NO_LINE };
    await resetHead(head, fresh);
    const { file: audit } = await openPrivate(file, 'createAlone');
    await flushDirectoryOf(file);
    return { audit, known: fresh };
  });
}

/** Finds where the next line goes. Takes in whole lines that a killed process left, and removes a part of a line. */
async function findEnd({ audit, known }: Found, head: FileHandle): Promise<ChainEnd> {
  const { size } = await audit.stat();
  if (!known) return rebuild(audit, head, size);
  if (size < known.bytes) throw damaged('its end is missing');
  let end = known;
  let isKnownLine = known.lines > 0;
  for await (const { raw, whole } of readLines(audit, known.bytes - known.last, size)) {
    if (isKnownLine) {
      if (sha256(raw) !== known.hash) throw damaged(`line ${known.lines}: it is not what the head says`);
      isKnownLine = false;
    } else if (whole) {
      end = next(end, raw);
    } else {
      // A process was killed while it wrote. Its `append` has not resolved, so no write was sent because of this line.
      await audit.truncate(end.bytes);
    }
  }
  return end;
}

/** Reads the whole file to make a new head. A last line without newline may be a truncated one, so it is an error. */
async function rebuild(audit: FileHandle, head: FileHandle, size: number): Promise<ChainEnd> {
  let end: ChainEnd | undefined;
  for await (const { raw, whole } of readLines(audit, 0, size)) {
    if (!whole) throw damaged(`line ${(end?.lines ?? 0) + 1}: it is cut short`);
    end = next(end, raw);
  }
  await resetHead(head, end ?? START);
  return end ?? START;
}

function next(end: ChainEnd | undefined, raw: Buffer): ChainEnd {
  const taken = follow(end, raw);
  if ('why' in taken) throw damaged(`line ${taken.line}: ${taken.why}`);
  return taken.end;
}

function damaged(why: string): Fault {
  return new Fault(
    'audit_failed',
    `The audit file is damaged (${why}): run verify-audit, then move the file away to begin a new one.`,
  );
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
  await attempt("The audit file's head could not be written", () => writeHead(head, newEnd));
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
