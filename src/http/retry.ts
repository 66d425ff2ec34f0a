import { setTimeout as delay } from 'node:timers/promises';
import { Fault } from '../core/errors.ts';
import type { Layer, Send, ServiceRequest, ServiceResponse } from './layers.ts';
import { pauseOf } from './retry_after.ts';

/** From the first failure on. Clients give up at 60 s, so a call that fails says why before that. */
const FAILURE_PATIENCE_MS = 20_000;
/** From the first 429 on. The service counts over a minute, so a longer wait cannot help. */
const THROTTLE_PATIENCE_MS = 60_000;
const MOST_ATTEMPTS = 5;
const MOST_FAILURES = 3;
const FIRST_BACKOFF_MS = 300;
const PASSING_STATUS: ReadonlySet<number> = new Set([502, 503, 504]);
const PASSING_FAULT: ReadonlySet<string> = new Set(['timeout', 'connection_lost', 'unreachable']);

/** What became of one attempt. */
type Outcome = { readonly response: ServiceResponse } | { readonly fault: Fault };

/**
 * Repeats what is safe to repeat: any call after a 429 (throttling comes before execution), and reads after a failure
 * that may pass. A write whose outcome is unknown is never sent again. Waiting for a 429 is the budget's work.
 */
export function createRetry(clock: () => number = () => performance.now(), sleep = pausable): Layer {
  return (next) => async (request) => {
    let failures = 0;
    let failedAt: number | undefined;
    let throttledAt: number | undefined;
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(next, failedAt === undefined ? request : hurried(request, clock() - failedAt));
      const now = clock();
      if (isThrottled(outcome)) {
        throttledAt ??= now;
        const pause = pauseOf(outcome.response, Date.now());
        if (attempt >= MOST_ATTEMPTS || now - throttledAt + pause > THROTTLE_PATIENCE_MS) throw throttled(pause);
      } else {
        failedAt ??= now;
        const backoff = FIRST_BACKOFF_MS * 2 ** failures * (1 + Math.random());
        const again = request.effect === 'read' && mayPass(outcome) && ++failures < MOST_FAILURES;
        if (!again || now - failedAt + backoff > FAILURE_PATIENCE_MS) return settle(outcome);
        await sleep(backoff, request.signal);
      }
    }
  };
}

/** A repeat must end while the client still listens. */
function hurried(request: ServiceRequest, sinceFailure: number): ServiceRequest {
  return { ...request, timeoutMs: Math.max(1_000, FAILURE_PATIENCE_MS - sinceFailure) };
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

function mayPass(outcome: Outcome): boolean {
  return 'response' in outcome ? PASSING_STATUS.has(outcome.response.status) : PASSING_FAULT.has(outcome.fault.code);
}

function settle(outcome: Outcome): ServiceResponse {
  if ('fault' in outcome) throw outcome.fault;
  return outcome.response;
}

function throttled(pause: number): Fault {
  const seconds = Math.ceil(pause / 1000);
  return new Fault('throttled', `The tenant still refuses calls (HTTP 429).`, { retryAfter: seconds });
}

async function pausable(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal });
  } catch {
    throw new Fault('cancelled', 'The call was cancelled while it waited to be repeated.');
  }
}
