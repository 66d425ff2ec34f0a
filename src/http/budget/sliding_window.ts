/** The service counts over a minute, presumably a rolling one (docs/defender-api.md 2.3). */
export const WINDOW_MS = 60_000;
/** Two clocks may run apart by some hundred parts in a million: 30 ms in a window at 500. */
const CLOCK_MS = 50;
/** A request whose answer we never saw may still be on its way; far above any delay that was measured. */
const UNSEEN_MS = 5_000;

/** An exact log of calls: no window at the service's door holds more than `limit`. Times are ms, monotonic. */
export interface SlidingWindow {
  /** ms until a slot is free: 0 = now, Infinity = not before a call in flight has ended. */
  wait(now: number): number;
  /** Takes a slot; call only when `wait` is 0. */
  take(): void;
  /** Gives back the slot of a call that never left. */
  giveBack(): void;
  /** Ends a call. Its slot is free one window after the answer, because an answer proves that the call had arrived. */
  release(now: number, answered: boolean): void;
}

export function createSlidingWindow(limit: number): SlidingWindow {
  let inFlight = 0;
  // Ascending times at which slots become free; the ones before `head` already are.
  let freeAt: number[] = [];
  let head = 0;
  return {
    wait(now) {
      while (head < freeAt.length && (freeAt[head] ?? 0) <= now) head++;
      if (head > freeAt.length / 2) {
        freeAt = freeAt.slice(head);
        head = 0;
      }
      if (inFlight + freeAt.length - head < limit) return 0;
      return (freeAt[head] ?? Number.POSITIVE_INFINITY) - now;
    },
    take() {
      inFlight++;
    },
    giveBack() {
      inFlight--;
    },
    release(now, answered) {
      inFlight--;
      const time = now + WINDOW_MS + CLOCK_MS + (answered ? 0 : UNSEEN_MS);
      let place = freeAt.length;
      while (place > head && (freeAt[place - 1] ?? 0) > time) place--;
      freeAt.splice(place, 0, time);
    },
  };
}
