import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';
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
  // Process ids are unique in one namespace of them, such as a container. Two machines may have the same name.
  const machine = hashOf(`${hostname()} ${machineId()} ${pidNamespace()}`);
  return {
    own: `${machine} ${process.pid}`,
    hasEnded(where) {
      const [there, pid] = where.split(' ');
      // One with the id of this process has ran here before.
      return there === machine && (Number(pid) === process.pid || !isRunning(Number(pid)));
    },
  };
}

/** Another on each machine: of this boot, or the addresses of its network cards. */
function machineId(): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
  } catch {
    const cards = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
    return [...new Set(cards.map(({ mac }) => mac))].toSorted().join();
  }
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
