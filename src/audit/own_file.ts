import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../core/errors.ts';

/** Read and write for the owner alone. */
const OWNER_ONLY = 0o600;
const OTHERS = 0o077;

/** What to do about a file that is not there. */
const WHEN_MISSING = {
  fail: 0,
  create: constants.O_CREAT,
  createAlone: constants.O_CREAT | constants.O_EXCL,
} as const;

export interface OwnFile {
  readonly file: FileHandle;
  /** Of the moment when it was opened. */
  readonly stats: Stats;
}

/** Opens a regular file to read and write; one that is made is its owner's alone. Errors are Node's. */
export async function openOwn(path: string, whenMissing: keyof typeof WHEN_MISSING): Promise<OwnFile> {
  // Not blocking: to open a named pipe could wait for ever for its other end.
  const flags = constants.O_RDWR | constants.O_NONBLOCK | WHEN_MISSING[whenMissing];
  const file = await open(path, flags, OWNER_ONLY);
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new Fault('audit_failed', 'The audit file or its head is not a regular file.');
    return { file, stats };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * That the file is a file, or its folder is there: before anything is made beside it.
 * @throws Fault audit_failed
 */
export async function assertPlace(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined);
  if (there && !there.isFile()) throw new Fault('audit_failed', 'The audit file is not a regular file.');
  if (!there) await step('The folder of the audit file cannot be found', () => stat(dirname(path)));
}

/** Takes a file from all but its owner. */
export async function makeOwn({ file, stats }: OwnFile): Promise<void> {
  if (process.platform !== 'win32' && (stats.mode & OTHERS) !== 0) await file.chmod(OWNER_ONLY);
}

/** After a crash of the machine a new file could lack its name; some file systems cannot flush a directory. */
export async function flushDirectoryOf(path: string): Promise<void> {
  const directory = await open(dirname(path), 'r').catch(() => undefined);
  await directory?.sync().catch(() => {});
  await directory?.close();
}

/** What Node calls the failure (ENOSPC): never its message, which holds paths. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

/** Runs one step; when it fails, the Fault says that `what` failed, and Node's code for why. */
export async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault('audit_failed', `${what} (${codeOf(error) ?? 'for an unknown cause'}).`, { cause: error });
  }
}
