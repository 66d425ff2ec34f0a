import type { RecordedRequest } from '../requests.ts';
import type { InjectedFault } from './injected_fault.ts';

type Request = Pick<RecordedRequest, 'method' | 'path' | 'effect'>;

/** The faults that wait for a request. */
export interface InjectedFaults {
  add(fault: InjectedFault): void;
  /** The first fault that matches, used up by one; undefined when the request may pass. */
  take(request: Request): InjectedFault | undefined;
  clear(): void;
}

export function createFaultQueue(): InjectedFaults {
  let waiting: { fault: InjectedFault; left: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, left: timesOf(fault) }),
    take(request) {
      const hit = waiting.find(({ fault }) => matches(fault, request));
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

function matches(fault: InjectedFault, { method, path, effect }: Request): boolean {
  const isMeant = path.includes(fault.path ?? '') && effect === (fault.effect ?? effect);
  return isMeant && method === (fault.method ?? method);
}

function timesOf({ times = 1 }: InjectedFault): number {
  return times === 0 ? Number.POSITIVE_INFINITY : times;
}
