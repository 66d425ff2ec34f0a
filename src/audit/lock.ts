import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../core/errors.ts';
import { attempt, codeOf, openUnlinked } from './own_file.ts';

/*
 * Why a native package: it uses the kernel's lock, which ends when its process ends, and not before. Packages that lock
 * by the existence of a file (proper-lockfile, lockfile, cross-process-lock) take the lock for released when nobody has
 * touched the file for some seconds. So others wait that long for a killed process, and a process that was suspended
 * for longer writes at the same time as the next one. fs-ext and os-lock are compiled on installation; fd-lock and
 * fs-native-lock use this same package to lock whole files.
 */

/**
 * What is locked: one byte far behind the end of the file, because on Windows others cannot read a locked range. On
 * macOS the package can lock whole files only; there a locked file can still be read.
 */
const RANGE: readonly [offset: number, length: number] = process.platform === 'darwin' ? [0, 0] : [2 ** 40, 1];

/** Longest pause between two attempts, ms. */
const MAX_PAUSE_MS = 20;

/** Error codes for a lock that another process holds; the second one on Windows. */
const HELD_CODES = ['EAGAIN', 'EBUSY'];

export interface Locked {
  readonly file: FileHandle;
  /** Unlocks and closes. */
  release(): Promise<void>;
}

/**
 * Opens a file that is no link, creates it if it is missing, and takes the kernel's lock on it. The kernel releases the
 * lock when the process is killed.
 * @param until no attempt begins after this time of `performance.now()`'s clock
 * @throws Fault audit_failed
 */
export async function openLocked(path: string, until: number): Promise<Locked> {
  const { tryLock, unlock } = await locks();
  for (;;) {
    const { file, stats } = await attempt("The audit file's head could not be opened", () =>
      openUnlinked(path, 'create'),
    );
    const release = async () => {
      try {
        unlock(file.fd, ...RANGE);
      } finally {
        await file.close();
      }
    };
    try {
      await lock(file, until);
      const excludes = (other: FileHandle) => !acquires(() => tryLock(other.fd, ...RANGE));
      if (await isStillAt(path, stats, excludes)) return { file, release };
    } catch (error) {
      await file.close();
      throw error;
    }
    await release();
  }
}

/** Takes the kernel's lock on an open file; closing the file releases it. @throws Fault audit_failed */
export async function lock(file: FileHandle, until: number): Promise<void> {
  const { tryLock } = await locks();
  await attempt('The audit file could not be locked', () => waitFor(() => tryLock(file.fd, ...RANGE), until));
}

function locks() {
  return attempt('No file lock is to be had on this platform', () => import('fs-native-extensions'));
}

/** Polls for the lock: a thread that blocks in the kernel cannot be interrupted, not even to end the process. */
async function waitFor(tryLockOnce: () => boolean, until: number): Promise<void> {
  for (let pause = 1; !acquires(tryLockOnce); pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    if (performance.now() > until) {
      throw new Fault('audit_failed', 'The audit file stayed locked by another process.');
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

function acquires(tryLockOnce: () => boolean): boolean {
  try {
    return tryLockOnce();
  } catch (error) {
    if (HELD_CODES.includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

/**
 * True if the locked file is still the one at `path`. If it was moved or deleted meanwhile, its lock excludes nobody.
 * @throws Fault audit_failed if the lock of the same file excludes nobody, as on a file system without locks
 */
async function isStillAt(path: string, ours: Stats, excludes: (other: FileHandle) => boolean): Promise<boolean> {
  const there = await attempt("The audit file's head could not be opened again", () =>
    openUnlinked(path, 'fail').catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    }),
  );
  if (!there) return false;
  try {
    if (there.stats.ino !== ours.ino || there.stats.dev !== ours.dev) return false;
    if (excludes(there.file)) return true;
    throw new Fault('audit_failed', 'A lock on the audit file keeps nobody out, perhaps by its file system.');
  } finally {
    await there.file.close();
  }
}
