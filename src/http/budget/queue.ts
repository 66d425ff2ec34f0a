import { Fault, toFault } from '../../core/errors.ts';
import type { ServiceRequest } from '../layers.ts';
import type { Gate } from './gate.ts';

/** How often who waits hears how many stand before it: well within the patience of a client. */
const TELL_MS = 10_000;

/** Added to the place of a call for which nobody waits. */
const LAST = 2 ** 50;

interface Waiter {
  readonly place: number;
  readonly leave: () => void;
  readonly fail: (fault: Fault) => void;
}

/**
 * First come, first served, the background last. A repeated attempt keeps the place of its first one, and anyone may
 * leave for free.
 */
export interface Queue {
  /** Resolves when the call may leave. @throws Fault `cancelled`, or the gate's. */
  enter(request: ServiceRequest): Promise<void>;
  /** Lets everyone leave who may; call it when the gate may have opened. */
  move(): void;
}

export function createQueue(gate: Gate): Queue {
  const waiters: Waiter[] = [];
  const places = new WeakMap<object, number>();
  let issued = 0;
  const move = createMover(waiters, gate);
  return {
    move: () => void move(),
    async enter(request) {
      const place = places.get(request.ticket) ?? (request.background ? LAST : 0) + issued++;
      places.set(request.ticket, place);
      const left = stand(waiters, place, request.signal);
      await Promise.race([left, move()]);
      const ahead = () => waiters.findIndex((waiter) => waiter.place === place);
      if (ahead() < 0) return left;
      request.onWait?.(ahead());
      const telling = setInterval(() => request.onWait?.(ahead()), TELL_MS);
      return left.finally(() => clearInterval(telling));
    },
  };
}

/** Asks the gate for one waiter after the other, never twice at the same time, and again when it may have opened. */
function createMover(waiters: Waiter[], gate: Gate): () => Promise<void> {
  let moving: Promise<void> | undefined;
  let isAskedAgain = false;
  let timer: NodeJS.Timeout | undefined;
  const move = () => {
    isAskedAgain = true;
    moving ??= run();
    return moving;
  };
  const run = async () => {
    while (isAskedAgain) {
      isAskedAgain = false;
      clearTimeout(timer);
      const wait = await admitAll(waiters, gate);
      if (Number.isFinite(wait)) timer = setTimeout(move, Math.ceil(wait));
    }
    moving = undefined;
  };
  return move;
}

/** Lets waiters leave until the gate closes. @returns ms after which to ask again; Infinity: not by itself */
async function admitAll(waiters: Waiter[], gate: Gate): Promise<number> {
  while (waiters.length > 0) {
    const admission = await gate.admit().catch((error) => ({ fault: toFault(error) }));
    if (admission === 'admitted') {
      const first = waiters.shift();
      if (first) first.leave();
      // Everyone has left while the gate was asked.
      else gate.giveBack();
    } else if ('fault' in admission) {
      for (const waiter of waiters.splice(0)) waiter.fail(admission.fault);
    } else return admission.wait;
  }
  return Number.POSITIVE_INFINITY;
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
