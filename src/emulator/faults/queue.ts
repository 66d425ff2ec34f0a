import type { Fault } from './fault.ts';

/** The faults that wait for a request. */
export interface FaultQueue {
  add(fault: Fault): void;
  /** The first fault that matches, used up by one; undefined when the request may pass. */
  take(method: string, path: string): Fault | undefined;
  clear(): void;
}

export function createFaultQueue(): FaultQueue {
  let waiting: { fault: Fault; left: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, left: timesOf(fault) }),
    take(method, path) {
      const hit = waiting.find(({ fault }) => matches(fault, method, path));
      if (!hit) return undefined;
      hit.left -= 1;
      if (hit.left === 0) waiting = waiting.filter((other) => other !== hit);
      return hit.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

function matches(fault: Fault, method: string, path: string): boolean {
  return (fault.method === undefined || fault.method === method) && path.includes(fault.path ?? '');
}

function timesOf({ times = 1 }: Fault): number {
  return times === 0 ? Number.POSITIVE_INFINITY : times;
}
