import type { Clock } from '../../src/watch/poll.ts';

/** A clock that moves only by `advance`, which resolves after everything that fell due has run. */
export interface VirtualClock extends Clock {
  now(): number;
  advance(ms: number): Promise<void>;
}

export function createVirtualClock(start = 0): VirtualClock {
  let now = start;
  const sleepers = new Set<{ at: number; wake: () => void }>();
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return {
    now: () => now,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        const sleeper = { at: now + ms, wake: () => end() };
        const end = () => {
          sleepers.delete(sleeper);
          signal.removeEventListener('abort', end);
          resolve();
        };
        sleepers.add(sleeper);
        if (signal.aborted) end();
        else signal.addEventListener('abort', end, { once: true });
      }),
    async advance(ms) {
      const until = now + ms;
      await settle();
      for (;;) {
        const due = [...sleepers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
        if (!due) break;
        now = Math.max(now, due.at);
        due.wake();
        await settle();
      }
      now = until;
    },
  };
}
