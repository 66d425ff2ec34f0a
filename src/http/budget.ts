import { Fault } from '../errors.ts';
import type { ApiResponse, Layer } from './api.ts';
import { createCeiling } from './ceiling.ts';
import { createLine, type Gate } from './line.ts';
import { createPace } from './pace.ts';
import { pauseOf } from './throttle.ts';

/** A pause longer than this is not waited for: the caller hears at once when to come back. */
const PATIENCE_MS = 60_000;

/**
 * The one budget of a tenant: everything that calls the service waits in one line before it.
 * @param callsPerMinute most calls in any window of 60 s as the service counts them; every attempt is one
 */
export function createBudget(callsPerMinute: number): Layer {
  const gate = createGate(callsPerMinute);
  const line = createLine(gate);
  return (next) => async (request) => {
    await line.enter(request);
    let response: ApiResponse | undefined;
    try {
      response = await next(request);
      return response;
    } finally {
      gate.release(response);
      line.move();
    }
  };
}

/** Pace, ceiling and pause as one question: how long until a call may leave? */
function createGate(callsPerMinute: number) {
  const pace = createPace(callsPerMinute);
  const ceiling = createCeiling(callsPerMinute);
  let pausedUntil: number | undefined;
  const pause = (now: number) => {
    if (pausedUntil !== undefined && now >= pausedUntil) {
      pausedUntil = undefined;
      pace.resume(now);
    }
    return pausedUntil === undefined ? 0 : pausedUntil - now;
  };
  return {
    wait() {
      const now = performance.now();
      return pause(now) || Math.max(ceiling.wait(now), pace.wait(now));
    },
    take() {
      ceiling.take();
      pace.take();
    },
    closed() {
      const ms = pause(performance.now());
      return ms > PATIENCE_MS ? pauseFault(Math.ceil(ms / 1000)) : undefined;
    },
    /** No response: we never saw an answer. */
    release(response: ApiResponse | undefined) {
      const now = performance.now();
      ceiling.release(now, response !== undefined);
      if (response?.status === 429) {
        pace.refuse(now);
        pausedUntil = Math.max(pausedUntil ?? 0, now + pauseOf(response, Date.now()));
      } else if (response) pace.accept(now);
    },
  } satisfies Gate & { release: (response: ApiResponse | undefined) => void };
}

function pauseFault(seconds: number): Fault {
  return new Fault('throttled', `The tenant asked for a pause of ${seconds} s.`, { retryAfter: seconds });
}
