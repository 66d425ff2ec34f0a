import { constants, type Stats } from 'node:fs';
import { type FileHandle, lstat, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../core/errors.ts';

/** Mode: read and write for the owner only. */
const OWNER_ONLY = 0o600;
/** Mode bits of everybody but the owner. */
const OTHERS = 0o077;

/** What to do if the file does not exist. Neither follows a link to nothing. */
const WHEN_MISSING = { fail: 0, create: constants.O_CREAT | constants.O_EXCL } as const;
/** Windows has no such flag; there the comparison of `lstat` with the opened file does the same. */
const NO_FOLLOW = constants.O_NOFOLLOW ?? 0;

const NOT_REGULAR = 'The audit file or its head is not a regular file.';

export interface OpenedFile {
  readonly file: FileHandle;
  /** As they were when it was opened. */
  readonly stats: Stats;
}

/**
 * Opens a regular file that exists, or with `create` one that does not, to read and write. Only its owner can read a
 * new one.
 * @param more further flags of `open`
 * @throws Node's error, or a Fault
 */
export async function openPrivate(path: string, whenMissing: keyof typeof WHEN_MISSING, more = 0): Promise<OpenedFile> {
  // Non-blocking, because opening a named pipe could otherwise wait for ever for its other end.
  const flags = constants.O_RDWR | constants.O_NONBLOCK | WHEN_MISSING[whenMissing] | more;
  const file = await open(path, flags, OWNER_ONLY);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Fault('audit_failed', NOT_REGULAR);
    return { file, stats };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens a file whose name leads to it alone, so that nothing else can be written by it. With `create` it is made if it
 * is missing. Folders on the way may be links.
 * @throws Fault audit_failed for a link and for what is no regular file; otherwise Node's error
 */
export async function openUnlinked(path: string, whenMissing: keyof typeof WHEN_MISSING): Promise<OpenedFile> {
  for (;;) {
    const there = await statUnlinked(path);
    try {
      const opened = await openPrivate(path, there ? 'fail' : whenMissing, NO_FOLLOW);
      if (!there || there.ino === opened.stats.ino) return opened;
      await opened.file.close();
    } catch (error) {
      // Another process made or removed it since it was looked at.
      if (whenMissing === 'fail' || codeOf(error) !== (there ? 'ENOENT' : 'EEXIST')) throw error;
    }
  }
}

/** Undefined if there is nothing. @throws Fault audit_failed for all but a plain file, otherwise Node's error */
async function statUnlinked(path: string): Promise<Stats | undefined> {
  const stats = await lstat(path).catch((error) => {
    if (codeOf(error) !== 'ENOENT') throw error;
  });
  if (!stats) return undefined;
  const isLink = stats.isSymbolicLink() || (stats.isFile() && stats.nlink > 1);
  if (isLink) throw new Fault('audit_failed', "The audit file's head is a link, which is not followed: remove it.");
  if (!stats.isFile()) throw new Fault('audit_failed', NOT_REGULAR);
  return stats;
}

/**
 * Checks, before anything is created beside it, that the path is a regular file or that its folder exists.
 * @throws Fault audit_failed
 */
export async function assertUsable(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats && !stats.isFile()) throw new Fault('audit_failed', 'The audit file is not a regular file.');
  if (!stats) await attempt('The folder of the audit file cannot be found', () => stat(dirname(path)));
}

/** Removes the rights of everybody but the owner; does nothing on Windows. */
export async function restrictToOwner(file: FileHandle): Promise<void> {
  if (process.platform !== 'win32' && ((await file.stat()).mode & OTHERS) !== 0) await file.chmod(OWNER_ONLY);
}

/** Without it a new file could lose its name in a crash. Errors are ignored: some systems cannot flush a directory. */
export async function flushDirectoryOf(path: string): Promise<void> {
  const directory = await open(dirname(path), 'r').catch(() => undefined);
  await directory?.sync().catch(() => {});
  await directory?.close();
}

/** Node's error code, such as ENOSPC. The message is not used, because it contains paths. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Runs one step of the work. If it fails, throws a Fault with the sentence `what` and Node's error code. */
export async function attempt<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('audit_failed', `${what} (${codeOf(error) ?? 'for an unknown cause'}).`, { cause: error });
  }
}
