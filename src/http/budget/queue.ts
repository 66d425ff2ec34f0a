import { Fault, toFault } from '../../core/errors.ts';
import type { ServiceRequest } from '../layers.ts';
import type { Gate } from './gate.ts';

/** How often a waiting call reports how many calls are ahead; well below the request timeout of clients. */
const REPORT_MS = 10_000;

/** Added to the position of a background call, so that it comes after all others. */
const BACKGROUND_OFFSET = 2 ** 50;

interface Waiter {
  readonly position: number;
  readonly admit: () => void;
  readonly fail: (fault: Fault) => void;
}

/**
 * First in, first out; background calls come last. A repeated attempt keeps the position of the first attempt. A call
 * that is cancelled while it waits costs nothing.
 */
export interface Queue {
  /** Resolves when the call may be sent. @throws Fault `cancelled`, or the gate's. */
  enter(request: ServiceRequest): Promise<void>;
  /** Admits as many waiting calls as the gate allows; call it when the gate may have a free slot. */
  advance(): void;
}

export function createQueue(gate: Gate): Queue {
  const waiters: Waiter[] = [];
  const positions = new WeakMap<object, number>();
  let issued = 0;
  const advance = createAdvance(waiters, gate);
  return {
    advance: () => void advance(),
    async enter(request) {
      const position = positions.get(request.ticket) ?? (request.background ? BACKGROUND_OFFSET : 0) + issued++;
      positions.set(request.ticket, position);
      const admitted = enqueue(waiters, position, request.signal);
      await Promise.race([admitted, advance()]);
      const ahead = () => waiters.findIndex((waiter) => waiter.position === position);
      if (ahead() < 0) return admitted;
      request.onWait?.(ahead());
      const reports = setInterval(() => request.onWait?.(ahead()), REPORT_MS);
      return admitted.finally(() => clearInterval(reports));
    },
  };
}

/** Asks the gate for one waiter after the other, never concurrently, and again when the gate's wait is over. */
function createAdvance(waiters: Waiter[], gate: Gate): () => Promise<void> {
  let running: Promise<void> | undefined;
  let isRequested = false;
  let timer: NodeJS.Timeout | undefined;
  const advance = () => {
    isRequested = true;
    running ??= run();
    return running;
  };
  const run = async () => {
    while (isRequested) {
      isRequested = false;
      clearTimeout(timer);
      const wait = await admitAll(waiters, gate);
      if (Number.isFinite(wait)) timer = setTimeout(advance, Math.ceil(wait));
    }
    running = undefined;
  };
  return advance;
}

/** Admits waiters until the gate tells to wait. @returns ms after which to ask again; Infinity: only on `advance` */
async function admitAll(waiters: Waiter[], gate: Gate): Promise<number> {
  while (waiters.length > 0) {
    const admission = await gate.admit().catch((error) => ({ fault: toFault(error) }));
    if (admission === 'admitted') {
      const first = waiters.shift();
      if (first) first.admit();
      // All waiters were cancelled while the gate was asked.
      else gate.giveBack();
    } else if ('fault' in admission) {
      for (const waiter of waiters.splice(0)) waiter.fail(admission.fault);
    } else return admission.wait;
  }
  return Number.POSITIVE_INFINITY;
}

/** Inserts a waiter at its position. The promise resolves when it is admitted; it rejects on a fault or an abort. */
function enqueue(waiters: Waiter[], position: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = () => {
      waiters.splice(waiters.indexOf(waiter), 1);
      reject(new Fault('cancelled', 'The call was cancelled before it left; it cost nothing.'));
    };
    const unlisten = () => signal.removeEventListener('abort', cancel);
    const waiter: Waiter = {
      position,
      admit() {
        unlisten();
        resolve();
      },
      fail(fault) {
        unlisten();
        reject(fault);
      },
    };
    const next = waiters.findIndex((other) => other.position > position);
    waiters.splice(next < 0 ? waiters.length : next, 0, waiter);
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
}
