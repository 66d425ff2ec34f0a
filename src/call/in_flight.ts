import { setImmediate, setTimeout } from 'node:timers/promises';

/** Tracks the calls that have begun and not ended. */
export interface InFlight {
  /** Tracks a call until it settles, and returns it. */
  add<T>(call: Promise<T>): Promise<T>;
  /** Resolves when no call is in flight, at the latest after `ms`. */
  drain(ms: number): Promise<void>;
}

export function createInFlight(): InFlight {
  const calls = new Set<Promise<unknown>>();
  return {
    add(call) {
      const settled = call.catch(() => {}).finally(() => calls.delete(settled));
      calls.add(settled);
      return call;
    },
    async drain(ms) {
      // A request that has just been read starts its call in a later turn of the event loop.
      await setImmediate();
      await Promise.race([Promise.all(calls), setTimeout(ms)]);
      await setImmediate();
    },
  };
}
