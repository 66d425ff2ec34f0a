import { Fault } from '../core/errors.ts';
import type { Caller } from '../tool/caller.ts';

/** The most calls of one session that may be open. With the default call budget they take ten minutes. */
const MAX_OPEN = 1_000;

/** Runs a call unless its session has too many that are open. @throws Fault `busy`, or what `call` throws */
export type WithinLimit = <T>(caller: Caller, call: () => Promise<T>) => Promise<T>;

/** Counts the open calls of each session, so that none can fill the memory or the queue before the call budget. */
export function createOpenCalls(): WithinLimit {
  const counts = new Map<string, number>();
  return async ({ client }, call) => {
    const session = client?.session ?? '';
    const open = counts.get(session) ?? 0;
    if (open >= MAX_OPEN) throw new Fault('busy', `${open} calls of this client wait for their answers already.`);
    counts.set(session, open + 1);
    try {
      return await call();
    } finally {
      const left = (counts.get(session) ?? 1) - 1;
      if (left === 0) counts.delete(session);
      else counts.set(session, left);
    }
  };
}
