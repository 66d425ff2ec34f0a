/** The service counts over a minute, presumably a rolling one (docs/defender-api.md 2.3). */
export const WINDOW_MS = 60_000;
/** Allowance for clock drift of some hundred ppm; at 500 ppm it is 30 ms in a window. */
const DRIFT_MS = 50;
/**
 * How long a request that we have given up may still be held back and then reach the service. Our side closes its
 * connection, but what was written before can wait in the system's send buffer (Linux retransmits it for about 100 s),
 * in a proxy that is still connecting (nginx 60 s, Squid and Azure Front Door up to 240 s), or in a gateway's queue.
 */
export const HELD_BACK_MS = 240_000;
/** The longest that slots of calls that the service has counted let others wait. */
export const LONGEST_COUNTED_WAIT_MS = WINDOW_MS + DRIFT_MS;

/** An exact log of calls: no minute, as the service counts it, holds more than `limit`. Times are ms, monotonic. */
export interface SlidingWindow {
  /** ms until a slot is free: 0 = now, Infinity = when a call in flight has ended. */
  wait(now: number): number;
  /** Calls that are in flight or still count. */
  count(now: number): number;
  /** ms until nothing counts any more; 5 minutes where a call is in flight. */
  busyFor(now: number): number;
  /** Takes a slot; call only when `wait` is 0. */
  take(): void;
  /** Gives back the slot of a call that was not sent. */
  giveBack(): void;
  /**
   * Ends a call that may have left. Its slot is free one window later, counted from the answer, because the service has
   * counted the call before it answers. If no answer shows that, the slot is held 4 minutes longer.
   */
  release(now: number, counted: boolean): void;
}

/** @param limit may change at any time; below what counts now, it lets nothing through until enough of that is free */
export function createSlidingWindow(limit: () => number, windowMs = WINDOW_MS): SlidingWindow {
  let inFlight = 0;
  // Ascending times at which slots become free; those before index `head` already are.
  let freeAt: number[] = [];
  let head = 0;
  const count = (now: number) => {
    while (head < freeAt.length && (freeAt[head] ?? 0) <= now) head++;
    if (head > freeAt.length / 2) {
      freeAt = freeAt.slice(head);
      head = 0;
    }
    return inFlight + freeAt.length - head;
  };
  return {
    count,
    busyFor(now) {
      if (count(now) === 0) return 0;
      return inFlight > 0 ? LONGEST_COUNTED_WAIT_MS + HELD_BACK_MS : (freeAt.at(-1) ?? now) - now;
    },
    wait(now) {
      const over = count(now) - limit();
      return over < 0 ? 0 : (freeAt[head + over] ?? Number.POSITIVE_INFINITY) - now;
    },
    take() {
      inFlight++;
    },
    giveBack() {
      inFlight--;
    },
    release(now, counted) {
      inFlight--;
      const time = now + windowMs + DRIFT_MS + (counted ? 0 : HELD_BACK_MS);
      let index = freeAt.length;
      while (index > head && (freeAt[index - 1] ?? 0) > time) index--;
      freeAt.splice(index, 0, time);
    },
  };
}
