import { constants, type Stats } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault } from '../core/errors.ts';

/** Mode: read and write for the owner only. */
const OWNER_ONLY = 0o600;
/** Mode bits of everybody but the owner. */
const OTHERS = 0o077;

/** What to do if the file does not exist. */
const WHEN_MISSING = {
  fail: 0,
  create: constants.O_CREAT,
  createAlone: constants.O_CREAT | constants.O_EXCL,
} as const;

export interface OpenedFile {
  readonly file: FileHandle;
  /** As they were when it was opened. */
  readonly stats: Stats;
}

/** Opens a regular file to read and write; a new one is created for its owner only. @throws Node's error, or a Fault */
export async function openPrivate(path: string, whenMissing: keyof typeof WHEN_MISSING): Promise<OpenedFile> {
  // Non-blocking, because opening a named pipe could otherwise wait for ever for its other end.
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
 * Checks, before anything is created beside it, that the path is a regular file or that its folder exists.
 * @throws Fault audit_failed
 */
export async function assertUsable(path: string): Promise<void> {
  const stats = await stat(path).catch(() => undefined);
  if (stats && !stats.isFile()) throw new Fault('audit_failed', 'The audit file is not a regular file.');
  if (!stats) await attempt('The folder of the audit file cannot be found', () => stat(dirname(path)));
}

/** Removes the rights of everybody but the owner; does nothing on Windows. */
export async function restrictToOwner({ file, stats }: OpenedFile): Promise<void> {
  if (process.platform !== 'win32' && (stats.mode & OTHERS) !== 0) await file.chmod(OWNER_ONLY);
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
