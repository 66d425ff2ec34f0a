import { Fault, toFault } from '../../core/errors.ts';
import type { ServiceRequest } from '../layers.ts';
import type { Gate, Slot } from './gate.ts';
import { createWaitingLine, type Place, type WaitingLine } from './waiting_line.ts';

/** How often waiting calls report how many calls are ahead; well below the request timeout of clients. */
const REPORT_MS = 10_000;

interface Waiter {
  readonly position: number;
  readonly admit: (slot: Slot) => void;
  readonly fail: (fault: Fault) => void;
  readonly onWait: ServiceRequest['onWait'];
}

/** The calls that wait; those in the background come after all others. */
interface Waiting {
  readonly callers: WaitingLine<Waiter>;
  readonly background: WaitingLine<Waiter>;
}

/**
 * First in, first out; background calls come last. A repeated attempt keeps the position of the first attempt. A call
 * that is cancelled while it waits costs nothing.
 */
export interface Queue {
  /** Resolves when the call may be sent. @throws Fault `cancelled`, or the gate's. */
  enter(request: ServiceRequest): Promise<Slot>;
  /** Admits as many waiting calls as the gate allows; call it when the gate may have a free slot. */
  advance(): void;
}

export function createQueue(gate: Gate): Queue {
  const waiting = { callers: createWaitingLine<Waiter>(), background: createWaitingLine<Waiter>() };
  const positions = new WeakMap<object, number>();
  let issued = 0;
  const advance = createAdvance(waiting, gate);
  const reports = createReports(waiting);
  gate.watch?.({ count: () => waiting.callers.size() + waiting.background.size(), advance: () => void advance() });
  return {
    advance: () => void advance(),
    async enter(request) {
      const position = positions.get(request.ticket) ?? issued++;
      positions.set(request.ticket, position);
      const line = request.background ? waiting.background : waiting.callers;
      const waiter = enqueue(line, position, request);
      await Promise.race([waiter.admitted, advance()]);
      const ahead = waiter.ahead();
      if (ahead === undefined) return waiter.admitted;
      request.onWait?.(ahead + (request.background ? waiting.callers.size() : 0));
      reports.start();
      return waiter.admitted.finally(reports.stopWhenNobodyWaits);
    },
  };
}

/** One timer tells all waiting calls how many are ahead of them. */
function createReports({ callers, background }: Waiting) {
  let timer: NodeJS.Timeout | undefined;
  const report = () => {
    let ahead = 0;
    for (const line of [callers, background]) {
      for (const { onWait } of line) {
        onWait?.(ahead);
        ahead++;
      }
    }
  };
  return {
    start() {
      timer ??= setInterval(report, REPORT_MS);
    },
    stopWhenNobodyWaits() {
      if (callers.size() + background.size() > 0) return;
      clearInterval(timer);
      timer = undefined;
    },
  };
}

/** Asks the gate for one waiter after the other, never concurrently, and again when the gate's wait is over. */
function createAdvance(waiting: Waiting, gate: Gate): () => Promise<void> {
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
      const wait = await admitAll(waiting, gate);
      if (Number.isFinite(wait)) timer = setTimeout(advance, Math.ceil(wait));
    }
    running = undefined;
  };
  return advance;
}

/** Admits waiters until the gate tells to wait. @returns ms after which to ask again; Infinity: only on `advance` */
async function admitAll({ callers, background }: Waiting, gate: Gate): Promise<number> {
  const next = () => callers.shift() ?? background.shift();
  while (callers.size() + background.size() > 0) {
    const admission = await gate.admit().catch((error) => ({ fault: toFault(error) }));
    if ('slot' in admission) {
      const first = next();
      if (first) first.admit(admission.slot);
      // All waiters were cancelled while the gate was asked.
      else admission.slot.giveBack();
    } else if ('fault' in admission) {
      for (let waiter = next(); waiter; waiter = next()) waiter.fail(admission.fault);
    } else return admission.wait;
  }
  return Number.POSITIVE_INFINITY;
}

/** Adds a waiter to its line. `admitted` resolves when it is admitted; it rejects on a fault or an abort. */
function enqueue(line: WaitingLine<Waiter>, position: number, { signal, onWait }: ServiceRequest) {
  let ahead: Place['ahead'] = () => undefined;
  const admitted = new Promise<Slot>((resolve, reject) => {
    const unlisten = () => signal.removeEventListener('abort', cancel);
    const admit = (slot: Slot) => {
      unlisten();
      resolve(slot);
    };
    const fail = (fault: Fault) => {
      unlisten();
      reject(fault);
    };
    const place = line.add({ position, onWait, admit, fail });
    ahead = place.ahead;
    const cancel = () => {
      place.remove();
      reject(new Fault('cancelled', 'The call was cancelled before it left; it cost nothing.'));
    };
    if (signal.aborted) cancel();
    else signal.addEventListener('abort', cancel, { once: true });
  });
  return { admitted, ahead };
}
