import { Fault } from '../../core/errors.ts';
import { pauseOf } from '../retry_after.ts';
import { createAdaptiveRate } from './adaptive_rate.ts';
import type { Gate } from './gate.ts';
import { createSlidingWindow } from './sliding_window.ts';

/** A longer pause is not waited out: calls fail at once, with the time after which to try again. */
const MAX_PAUSE_MS = 60_000;

/**
 * The budget of this process alone: a sliding window as the fixed limit, an adaptive rate that a 429 lowers, and the
 * pause that a 429 asks for.
 * @param callsPerMinute most calls in any window of 60 s as the service counts them
 */
export function createLocalGate(callsPerMinute: number): Gate {
  const window = createSlidingWindow(callsPerMinute);
  const rate = createAdaptiveRate(callsPerMinute);
  let pausedUntil: number | undefined;
  const pauseLeft = (now: number) => {
    if (pausedUntil !== undefined && now >= pausedUntil) {
      pausedUntil = undefined;
      rate.onResumed(now);
    }
    return pausedUntil === undefined ? 0 : pausedUntil - now;
  };
  return {
    async admit() {
      const now = performance.now();
      const pause = pauseLeft(now);
      if (pause > MAX_PAUSE_MS) return { fault: pauseFault(Math.ceil(pause / 1000)) };
      const wait = pause || Math.max(window.wait(now), rate.wait(now));
      if (wait > 0) return { wait };
      window.take();
      rate.take();
      return 'admitted';
    },
    giveBack() {
      window.giveBack();
      rate.giveBack();
    },
    release(response) {
      const now = performance.now();
      window.release(now, response !== undefined);
      if (response?.status === 429) {
        rate.onThrottled(now);
        pausedUntil = Math.max(pausedUntil ?? 0, now + pauseOf(response, Date.now()));
      } else if (response) rate.onAccepted(now);
    },
  };
}

function pauseFault(seconds: number): Fault {
  return new Fault('throttled', `The tenant asked for a pause of ${seconds} s.`, { retryAfter: seconds });
}
