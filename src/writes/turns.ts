import { Fault } from '../core/errors.ts';
import type { Caller } from '../tool/caller.ts';

/** How long a call waits for its turn, ms. Many clients end a call after a minute. */
const WAIT_MS = 50_000;

/** Lets through one call at a time of those that ask the same person, or change the same item, as they came. */
export interface Turns {
  /**
   * Waits until no call that came before has any of these keys.
   * @returns ends the turn. @throws Fault `question_open` or `cancelled` if the turn did not come
   */
  begin(keys: readonly string[], caller: Caller): Promise<() => void>;
}

export function createTurns(): Turns {
  /** By key: settles when all calls that have come so far are over. */
  const lines = new Map<string, Promise<unknown>>();
  return {
    async begin(keys, caller) {
      const before = keys.flatMap((key) => lines.get(key) ?? []);
      let end = () => {};
      const own = new Promise<void>((resolve) => {
        end = resolve;
      });
      // A call that gives up while it waits does not end the wait of those behind it.
      const all = Promise.all([...before, own]).then(() => {
        for (const key of keys) if (lines.get(key) === all) lines.delete(key);
      });
      for (const key of keys) lines.set(key, all);
      if (before.length > 0)
        await waitFor(Promise.all(before), caller).catch((error) => {
          end();
          throw error;
        });
      return end;
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
