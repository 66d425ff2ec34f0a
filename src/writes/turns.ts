import { Fault } from '../core/errors.ts';
import type { Caller } from '../tool/caller.ts';

/** How long a call waits for its turn, ms. Many clients end a call after a minute. */
const WAIT_MS = 50_000;

/** Lets the calls of a session that ask a person, or were confirmed, through one at a time, as they came. */
export interface Turns {
  /**
   * Does the work of a call when no other call of its session is at work.
   * @throws Fault `question_open` or `cancelled` if its turn did not come; whatever the work throws
   */
  take<T>(caller: Caller, work: () => Promise<T>): Promise<T>;
}

export function createTurns(): Turns {
  /** By session: settles when all calls that have come so far are over. */
  const sessions = new Map<string, Promise<unknown>>();
  return {
    take(caller, work) {
      const session = caller.client?.session ?? '';
      const before = sessions.get(session);
      const call = before === undefined ? work() : waitFor(before, caller).then(work);
      // A call that gives up while it waits does not end the wait of those behind it.
      const all = Promise.allSettled([before, call]).then(() => {
        if (sessions.get(session) === all) sessions.delete(session);
      });
      sessions.set(session, all);
      return call;
    },
  };
}

async function waitFor(before: Promise<unknown>, { signal, progress }: Caller): Promise<void> {
  progress('Waiting until another change has been decided.');
  let giveUp = () => {};
  let timer: NodeJS.Timeout | undefined;
  const gaveUp = new Promise<never>((_resolve, reject) => {
    giveUp = () => reject(new Fault('cancelled', 'The call was cancelled before its turn came.'));
    signal.addEventListener('abort', giveUp);
    if (signal.aborted) giveUp();
    timer = setTimeout(() => {
      reject(new Fault('question_open', `The call waited ${WAIT_MS / 1000} seconds for its turn.`));
    }, WAIT_MS);
  });
  try {
    await Promise.race([before, gaveUp]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', giveUp);
  }
}
