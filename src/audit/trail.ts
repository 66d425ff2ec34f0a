import type { FileHandle } from 'node:fs/promises';
import { Fault } from '../core/errors.ts';
import { follow, type Place, readPieces } from './chain.ts';
import { headOf, readHead, resetHead, writeHead } from './head.ts';
import { lock, openLocked } from './lock.ts';
import { assertPlace, codeOf, flushDirectoryOf, makeOwn, openOwn, step } from './own_file.ts';
import { type Entry, formatLine, LONGEST_LINE, NO_LINE, sha256 } from './trail_line.ts';

export type { Entry } from './trail_line.ts';

/** An audit file that several processes append to; the file `FILE.head` beside it says how far it goes. */
export interface Trail {
  /**
   * Resolves when the line is on the disk. Entries are written in the order of the calls.
   * @throws Fault audit_failed: the line is not in the trail, or may be there although its write never happened
   */
  append(entry: Entry): Promise<void>;
  /**
   * All that `append` does but the line: makes missing files, and clears away what a killed process left.
   * @throws Fault audit_failed
   */
  check(): Promise<void>;
}

/** Both files, open and locked, and where the next line goes. */
interface Opened {
  readonly audit: FileHandle;
  readonly head: FileHandle;
  readonly end: Place;
}

const START: Place = { lines: 0, bytes: 0, last: 0, hash: NO_LINE };

/** @param patience how long a call waits while other processes hold the lock, in milliseconds */
export function createTrail(file: string, { patience = 10_000 }: { readonly patience?: number } = {}): Trail {
  let queue: Promise<unknown> = Promise.resolve();
  const inTurn = (work: (opened: Opened) => Promise<void>): Promise<void> => {
    const until = performance.now() + patience;
    const turn = queue.then(() => step('The audit file failed', () => withTrail(file, until, work)));
    queue = turn.catch(() => {});
    return turn;
  };
  return {
    append: (entry) => inTurn((opened) => add(opened, entry)),
    check: () => inTurn(async () => {}),
  };
}

async function withTrail(file: string, until: number, work: (opened: Opened) => Promise<void>): Promise<void> {
  await assertPlace(file);
  const { file: head, release } = await openLocked(headOf(file), until);
  try {
    const found = await openAudit(file, head);
    try {
      // The head keeps out those who know the file by this name, and this lock those who know it by another.
      await lock(found.audit, until);
      const end = await step('The audit file could not be read', () => findEnd(found, head));
      // Only now is it known to be a trail.
      await step('The audit file could not be made private', async () =>
        makeOwn({ file: found.audit, stats: await found.audit.stat() }),
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
  /** What the head knows of the audit file. */
  readonly known: Place | undefined;
}

async function openAudit(file: string, head: FileHandle): Promise<Found> {
  const known = await step("The audit file's head could not be read", () => readHead(head));
  const existing = await step('The audit file could not be opened', () =>
    openOwn(file, 'fail').catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    }),
  );
  if (existing) return { audit: existing.file, known };
  return step('The audit file could not be created', async () => {
    // Where there is a head, the file was rotated away, and the new one continues it. The head is written first: when
    // a process is killed in between, the next one finds the same again.
    const fresh = { ...START, hash: known?.hash ?? NO_LINE };
    await resetHead(head, fresh);
    const { file: audit } = await openOwn(file, 'createAlone');
    await flushDirectoryOf(file);
    return { audit, known: fresh };
  });
}

/** Where the next line goes, after whatever a killed process left has been taken in or cleared away. */
async function findEnd({ audit, known }: Found, head: FileHandle): Promise<Place> {
  const { size } = await audit.stat();
  if (!known) return rebuild(audit, head, size);
  if (size < known.bytes) throw damaged('its end is missing');
  let place = known;
  let isKnownLine = known.lines > 0;
  for await (const { raw, whole } of readPieces(audit, known.bytes - known.last, size)) {
    if (isKnownLine) {
      if (sha256(raw) !== known.hash) throw damaged(`line ${known.lines}: it is not what the head says`);
      isKnownLine = false;
    } else if (whole) {
      place = next(place, raw);
    } else {
      // Killed while it wrote: nobody was told that this line is there, so nothing was done because of it.
      await audit.truncate(place.bytes);
    }
  }
  return place;
}

/** Without a head the whole file has to be read, and an end without a newline cannot be told from a cut. */
async function rebuild(audit: FileHandle, head: FileHandle, size: number): Promise<Place> {
  let place: Place | undefined;
  for await (const { raw, whole } of readPieces(audit, 0, size)) {
    if (!whole) throw damaged(`line ${(place?.lines ?? 0) + 1}: it is cut short`);
    place = next(place, raw);
  }
  await resetHead(head, place ?? START);
  return place ?? START;
}

function next(place: Place | undefined, raw: Buffer): Place {
  const taken = follow(place, raw);
  if ('why' in taken) throw damaged(`line ${taken.line}: ${taken.why}`);
  return taken.place;
}

function damaged(why: string): Fault {
  return new Fault(
    'audit_failed',
    `The audit file is damaged (${why}): run verify-audit, then move the file away to begin a new one.`,
  );
}

async function add({ audit, head, end }: Opened, entry: Entry): Promise<void> {
  const line = formatLine(end.lines + 1, entry, end.hash);
  if (line.length > LONGEST_LINE) throw new Fault('audit_failed', 'The entry is too long for the audit file.');
  await step('The audit file could not be written', () => writeLine(audit, line, end.bytes));
  const place = {
    lines: end.lines + 1,
    bytes: end.bytes + line.length,
    last: line.length,
    hash: sha256(line.subarray(0, -1)),
  };
  await step("The audit file's head could not be written", () => writeHead(head, place));
}

async function writeLine(audit: FileHandle, line: Buffer, position: number): Promise<void> {
  try {
    for (let done = 0; done < line.length; ) {
      done += (await audit.write(line, done, line.length - done, position + done)).bytesWritten;
    }
    // Before the head: after a power cut it must not know of lines that are not there.
    await audit.datasync();
  } catch (error) {
    // On a full disk; where this fails too, the next append clears the piece away.
    await audit.truncate(position).catch(() => {});
    throw error;
  }
}
