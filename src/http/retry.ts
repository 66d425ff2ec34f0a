import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../core/errors.ts';
import type { Layer, Send, ServiceRequest, ServiceResponse } from './layers.ts';
import { pauseOf } from './retry_after.ts';

/** Counted from the first failure. Clients give up at 60 s, so a call that fails must report why before that. */
const FAILURE_LIMIT_MS = 20_000;
/** Counted from the first 429. The service counts calls over a minute, so a longer wait would not help. */
const THROTTLE_LIMIT_MS = 60_000;
const MAX_ATTEMPTS = 5;
const MAX_FAILURES = 3;
const FIRST_BACKOFF_MS = 300;
const TRANSIENT_STATUS: ReadonlySet<number> = new Set([502, 503, 504]);
const TRANSIENT_CODE: ReadonlySet<string> = new Set(['timeout', 'connection_lost', 'unreachable']);

/** The result of one attempt. */
type Outcome = { readonly response: ServiceResponse } | { readonly fault: Fault };

/**
 * Repeats what is safe to repeat: any request after a 429, which the service sends before it carries a request out, and
 * reads after a transient failure. Never repeats a write whose outcome is unknown. The budget layer waits out the pause
 * that a 429 asks for.
 */
export function createRetry(clock: () => number = () => performance.now(), sleep = abortableSleep): Layer {
  return (next) => async (request) => {
    let failures = 0;
    let failed: { readonly at: number; readonly outcome: Outcome } | undefined;
    let throttledAt: number | undefined;
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(next, failed ? bounded(request, clock() - failed.at) : request);
      // The budget has no slot for a repeat; why the call failed says more.
      if (failed && wasRefused(outcome)) return unwrap(failed.outcome);
      const now = clock();
      if (isThrottled(outcome)) {
        throttledAt ??= now;
        const pause = pauseOf(outcome.response, Date.now());
        if (attempt >= MAX_ATTEMPTS || now - throttledAt + pause > THROTTLE_LIMIT_MS) throw throttled(pause);
      } else {
        failed ??= { at: now, outcome };
        const backoff = FIRST_BACKOFF_MS * 2 ** failures * (1 + Math.random());
        const again = request.effect === 'read' && isTransient(outcome) && ++failures < MAX_FAILURES;
        if (!again || now - failed.at + backoff > FAILURE_LIMIT_MS) return unwrap(outcome);
        await sleep(backoff, request.signal);
      }
    }
  };
}

/** A repeat must end before the client gives up. */
function bounded(request: ServiceRequest, sinceFailure: number): ServiceRequest {
  return { ...request, timeoutMs: Math.max(1_000, FAILURE_LIMIT_MS - sinceFailure) };
}

async function attemptOnce(next: Send, request: ServiceRequest): Promise<Outcome> {
  try {
    return { response: await next(request) };
  } catch (error) {
    if (error instanceof Fault) return { fault: error };
    throw error;
  }
}

function isThrottled(outcome: Outcome): outcome is { response: ServiceResponse } {
  return 'response' in outcome && outcome.response.status === 429;
}

/** The budget let the call not leave. */
function wasRefused(outcome: Outcome): boolean {
  return 'fault' in outcome && outcome.fault.code === 'throttled';
}

function isTransient(outcome: Outcome): boolean {
  if ('response' in outcome) return TRANSIENT_STATUS.has(outcome.response.status);
  return TRANSIENT_CODE.has(outcome.fault.code) && outcome.fault.retry !== 'no';
}

function unwrap(outcome: Outcome): ServiceResponse {
  if ('fault' in outcome) throw outcome.fault;
  return outcome.response;
}

function throttled(pause: number): Fault {
  const seconds = Math.ceil(pause / 1000);
  return new Fault('throttled', 'The tenant still refuses calls (HTTP 429).', { retryAfter: seconds });
}

async function abortableSleep(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw new Fault('cancelled', 'The call was cancelled while it waited to be repeated.');
  }
}
