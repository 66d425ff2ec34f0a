import { Fault } from '../errors.ts';
import type { ApiRequest } from './api.ts';

/** How often who waits hears how many stand before it: well within the patience of a client. */
const TELL_MS = 10_000;

/** Added to the place of a call for which nobody waits. */
const LAST = 2 ** 50;

interface Waiter {
  readonly place: number;
  readonly leave: () => void;
  readonly fail: (fault: Fault) => void;
}

/** What the line asks before it lets a call leave. */
export interface Gate {
  /** ms until a call may leave; Infinity = not before `move` is called again. */
  wait(): number;
  /** Spends one call. */
  take(): void;
  /** A fault when waiting makes no sense. */
  closed(): Fault | undefined;
}

/**
 * First come, first served, the background last. A repeated attempt keeps the place of its first one, and anyone may
 * leave for free.
 */
export interface Line {
  /** Resolves when the call may leave. @throws Fault `cancelled`, or the gate's. */
  enter(request: ApiRequest): Promise<void>;
  /** Lets everyone leave who may; call it when the gate may have opened. */
  move(): void;
}

export function createLine(gate: Gate): Line {
  const waiters: Waiter[] = [];
  const places = new WeakMap<object, number>();
  let issued = 0;
  let timer: NodeJS.Timeout | undefined;

  const move = () => {
    clearTimeout(timer);
    const closed = gate.closed();
    if (closed) for (const waiter of waiters.splice(0)) waiter.fail(closed);
    while (waiters.length > 0) {
      const ms = gate.wait();
      if (ms > 0) {
        if (Number.isFinite(ms)) timer = setTimeout(move, Math.ceil(ms));
        return;
      }
      gate.take();
      waiters.shift()?.leave();
    }
  };
  const enter = (request: ApiRequest) => {
    const place = places.get(request.ticket) ?? (request.background ? LAST : 0) + issued++;
    places.set(request.ticket, place);
    const left = stand(waiters, place, request.signal);
    move();
    const ahead = () => waiters.findIndex((waiter) => waiter.place === place);
    if (ahead() < 0) return left;
    request.onWait?.(ahead());
    const telling = setInterval(() => request.onWait?.(ahead()), TELL_MS);
    return left.finally(() => clearInterval(telling));
  };
  return { enter, move };
}

/** Puts a waiter in at its place; the promise ends when it leaves, fails, or its signal takes it out. */
function stand(waiters: Waiter[], place: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancelled = () => {
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(new Fault('cancelled', 'The call was cancelled before it left; it cost nothing.'));
    };
    const stop = () => signal.removeEventListener('abort', cancelled);
    const waiter: Waiter = {
      place,
      leave() {
        stop();
        resolve();
      },
      fail(fault) {
        stop();
        reject(fault);
      },
    };
    const behind = waiters.findIndex((other) => other.place > place);
    waiters.splice(behind < 0 ? waiters.length : behind, 0, waiter);
    if (signal.aborted) cancelled();
    else signal.addEventListener('abort', cancelled, { once: true });
  });
}
