/** The service counts over a minute, presumably a rolling one (docs/defender-api.md 2.3). */
export const WINDOW_MS = 60_000;
/** Allowance for clock drift of some hundred ppm; at 500 ppm it is 30 ms in a window. */
const DRIFT_MS = 50;
/** A request without an answer may still be on its way; this is far above any delay that was measured. */
const UNANSWERED_MS = 5_000;

/** An exact log of calls: no minute, as the service counts it, holds more than `limit`. Times are ms, monotonic. */
export interface SlidingWindow {
  /** ms until a slot is free: 0 = now, Infinity = when a call in flight has ended. */
  wait(now: number): number;
  /** Takes a slot; call only when `wait` is 0. */
  take(): void;
  /** Gives back the slot of a call that was not sent. */
  giveBack(): void;
  /**
   * Ends a call. Its slot is free one window later, counted from the answer, because the service has counted the call
   * before it answers. Without an answer it is 5 s more.
   */
  release(now: number, answered: boolean): void;
}

export function createSlidingWindow(limit: number): SlidingWindow {
  let inFlight = 0;
  // Ascending times at which slots become free; those before index `head` already are.
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
      const time = now + WINDOW_MS + DRIFT_MS + (answered ? 0 : UNANSWERED_MS);
      let index = freeAt.length;
      while (index > head && (freeAt[index - 1] ?? 0) > time) index--;
      freeAt.splice(index, 0, time);
    },
  };
}
