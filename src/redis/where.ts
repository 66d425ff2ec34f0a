import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import process from 'node:process';
import { hashOf } from './keys.ts';

/** Where a process runs, by which another on the same machine can tell whether it has ended. */
export interface Where {
  /** Of this process. */
  readonly own: string;
  /** The process that was there has ended for sure. */
  hasEnded(where: string): boolean;
}

export function createWhere(): Where {
  // Process ids are unique in one namespace of them, such as a container.
  const machine = hashOf(`${hostname()} ${pidNamespace()}`);
  return {
    own: `${machine} ${process.pid}`,
    hasEnded(where) {
      const [there, pid] = where.split(' ');
      // One with the id of this process has ran here before.
      return there === machine && (Number(pid) === process.pid || !isRunning(Number(pid)));
    },
  };
}

function pidNamespace(): string {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    // Another user's process cannot be signalled, but is there.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}
