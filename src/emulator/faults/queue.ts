import type { RecordedRequest } from '../requests.ts';
import type { InjectedFault } from './injected_fault.ts';

type Request = Pick<RecordedRequest, 'method' | 'path' | 'effect'>;

/** The faults that wait for a request. */
export interface InjectedFaults {
  add(fault: InjectedFault): void;
  /** The first fault that matches the request, counted as used once; undefined if none matches. */
  take(request: Request): InjectedFault | undefined;
  clear(): void;
}

export function createFaultQueue(): InjectedFaults {
  let waiting: { fault: InjectedFault; remaining: number }[] = [];
  return {
    add: (fault) => void waiting.push({ fault, remaining: timesOf(fault) }),
    take(request) {
      const hit = waiting.find(({ fault }) => matches(fault, request));
      if (!hit) return undefined;
      hit.remaining -= 1;
      if (hit.remaining === 0) waiting = waiting.filter((other) => other !== hit);
      return hit.fault;
    },
    clear() {
      waiting = [];
    },
  };
}

function matches(fault: InjectedFault, { method, path, effect }: Request): boolean {
  const isTarget = path.includes(fault.path ?? '') && effect === (fault.effect ?? effect);
  return isTarget && method === (fault.method ?? method);
}

function timesOf({ times = 1 }: InjectedFault): number {
  return times === 0 ? Number.POSITIVE_INFINITY : times;
}
