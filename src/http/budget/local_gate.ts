import { Fault } from '../../core/errors.ts';
import { pauseOf } from '../retry_after.ts';
import { type AdaptiveRate, createAdaptiveRate } from './adaptive_rate.ts';
import type { Gate, Slot } from './gate.ts';
import { createPause, type Pause } from './pause.ts';
import { createSlidingWindow, LONGEST_COUNTED_WAIT_MS, type SlidingWindow } from './sliding_window.ts';

/** A longer pause is not waited out: calls fail at once, with the time after which to try again. */
const MAX_PAUSE_MS = 60_000;
/** A gateway answers these for a service that it got no answer from; the request may still reach the service. */
const GATEWAY_STATUS: ReadonlySet<number> = new Set([502, 504]);

/** What a gate is made of. */
export interface GateParts {
  readonly window: SlidingWindow;
  readonly rate: AdaptiveRate;
  readonly pause: Pause;
  /** An answer that was not a 429. */
  onAccepted?(now: number): void;
  /** A 429 that asks for so long a pause. */
  onThrottled?(ms: number): void;
}

/**
 * The budget of this process alone: a sliding window as the fixed limit, an adaptive rate that a 429 lowers, and the
 * pause that a 429 asks for.
 * @param callsPerMinute most calls in any window of 60 s as the service counts them
 */
export function createLocalGate(callsPerMinute: number): Gate {
  const rate = createAdaptiveRate(callsPerMinute);
  return gateOf({ window: createSlidingWindow(() => callsPerMinute), rate, pause: createPause(rate.onResumed) });
}

/** Lets a call through where all parts do. */
export function gateOf({ window, rate, pause, onAccepted, onThrottled }: GateParts): Gate {
  const takeSlot = (): Slot => {
    window.take();
    rate.take();
    const slot: Slot = {
      giveBack() {
        window.giveBack();
        rate.giveBack();
        pause.onEnded(slot, false);
      },
      release(response) {
        const now = performance.now();
        window.release(now, response !== undefined && !GATEWAY_STATUS.has(response.status));
        pause.onEnded(slot, response !== undefined);
        if (response?.status === 429) {
          const ms = pauseOf(response, Date.now());
          rate.onThrottled(now);
          pause.begin(now + ms);
          onThrottled?.(ms);
        } else if (response) {
          rate.onAccepted(now);
          onAccepted?.(now);
        }
      },
    };
    pause.onAdmitted(slot);
    return slot;
  };
  return {
    async admit() {
      const now = performance.now();
      const paused = pause.wait(now);
      if (paused > 0) return isLong(paused, MAX_PAUSE_MS) ? { fault: pauseFault(paused) } : { wait: paused };
      const held = window.wait(now);
      if (isLong(held, LONGEST_COUNTED_WAIT_MS)) return { fault: heldFault(held) };
      const wait = Math.max(held, rate.wait(now));
      return wait > 0 ? { wait } : { slot: takeSlot() };
    },
  };
}

/** Infinity, the wait for a call in flight, is not long: that call has a time limit. */
function isLong(ms: number, most: number): boolean {
  return Number.isFinite(ms) && ms > most;
}

function pauseFault(ms: number): Fault {
  const retryAfter = Math.ceil(ms / 1000);
  return new Fault('throttled', `The tenant asked for a pause, which ends in ${retryAfter} s.`, { retryAfter });
}

function heldFault(ms: number): Fault {
  const retryAfter = Math.ceil(ms / 1000);
  const detail =
    'Calls that got no answer hold the whole call budget, because they may still reach the service; ' +
    `the first slot is free in ${retryAfter} s.`;
  return new Fault('throttled', detail, { retryAfter });
}
