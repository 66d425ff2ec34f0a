import type { Stats } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { Fault } from '../core/errors.ts';
import { codeOf, makeOwn, openOwn, step } from './own_file.ts';

/*
 * Why a native package: its lock is the kernel's, which ends with its process and not before. Locks by a file that is
 * there or not (proper-lockfile, lockfile, cross-process-lock) are over when nobody has touched the file for some
 * seconds: a killed process keeps others waiting for that long, and one that slept writes beside the next. fs-ext and
 * os-lock are compiled when they are installed, fd-lock and fs-native-lock lock whole files by this same package.
 */

/**
 * What is locked: one byte far behind the end, because Windows refuses others to read what is locked.
 * On macOS the package knows locks on whole files only; they hinder nobody from reading.
 */
const RANGE: readonly [offset: number, length: number] = process.platform === 'darwin' ? [0, 0] : [2 ** 40, 1];

/** Longest pause between two tries, in milliseconds. */
const LONGEST_PAUSE = 20;

/** How the system says that another holds the lock: the second on Windows. */
const TAKEN = ['EAGAIN', 'EBUSY'];

export interface Locked {
  readonly file: FileHandle;
  /** Unlocks and closes. */
  release(): Promise<void>;
}

/**
 * Opens a file, which is made when it is missing, and holds the kernel's lock on it. A killed process holds none.
 * @param until the time on `performance.now()`'s clock after which no further try is made
 * @throws Fault audit_failed
 */
export async function openLocked(path: string, until: number): Promise<Locked> {
  const { tryLock, unlock } = await locks();
  for (;;) {
    const opened = await step("The audit file's head could not be opened", () => openOwn(path, 'create'));
    const { file, stats } = opened;
    const release = async () => {
      try {
        unlock(file.fd, ...RANGE);
      } finally {
        await file.close();
      }
    };
    try {
      await makeOwn(opened);
      await lock(file, until);
      const keepsOut = (other: FileHandle) => !isTaken(() => tryLock(other.fd, ...RANGE));
      if (await isStillAt(path, stats, keepsOut)) return { file, release };
    } catch (error) {
      await file.close();
      throw error;
    }
    await release();
  }
}

/** Holds the kernel's lock on an open file until it is closed. @throws Fault audit_failed */
export async function lock(file: FileHandle, until: number): Promise<void> {
  const { tryLock } = await locks();
  await step('The audit file could not be locked', () => waitFor(() => tryLock(file.fd, ...RANGE), until));
}

function locks() {
  return step('No file lock is to be had on this platform', () => import('fs-native-extensions'));
}

/** Asks again and again: a thread that waits in the kernel could not be called back, not even to end the process. */
async function waitFor(tryOnce: () => boolean, until: number): Promise<void> {
  for (let pause = 1; !isTaken(tryOnce); pause = Math.min(pause * 2, LONGEST_PAUSE)) {
    if (performance.now() > until) {
      throw new Fault('audit_failed', 'The audit file stayed locked by another process.');
    }
    await sleep(pause * (0.5 + Math.random()));
  }
}

function isTaken(tryOnce: () => boolean): boolean {
  try {
    return tryOnce();
  } catch (error) {
    if (TAKEN.includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

/**
 * A lock on a file that was meanwhile moved away or deleted keeps nobody out.
 * @throws Fault audit_failed where none does, by a file system without locks or a later version of the package
 */
async function isStillAt(path: string, ours: Stats, keepsOut: (other: FileHandle) => boolean): Promise<boolean> {
  const there = await step("The audit file's head could not be opened again", () =>
    openOwn(path, 'fail').catch((error) => {
      if (codeOf(error) !== 'ENOENT') throw error;
    }),
  );
  if (!there) return false;
  try {
    if (there.stats.ino !== ours.ino || there.stats.dev !== ours.dev) return false;
    if (keepsOut(there.file)) return true;
    throw new Fault('audit_failed', 'A lock on the audit file keeps nobody out, perhaps by its file system.');
  } finally {
    await there.file.close();
  }
}
