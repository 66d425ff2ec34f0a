import { TokenBucket } from 'limiter';
import { WINDOW_MS } from './sliding_window.ts';

/**
 * How fast we believe this tenant lets us go: the configured rate until a 429 says otherwise, then what it bore in the
 * last minute, then slowly up again. Calls a minute; times are ms of one monotonic clock.
 */
export interface AdaptiveRate {
  /** ms until the next call may leave. */
  wait(now: number): number;
  /** Spends one call; call only when `wait` is 0. */
  take(): void;
  /** Gives back a call that never left. */
  giveBack(): void;
  /** An answer that was not a 429. */
  accept(now: number): void;
  /** A 429: the belief falls once the pause is over, when all answers of the burst are in. */
  refuse(now: number): void;
  /** The pause after a 429 is over. */
  resume(now: number): void;
}

export function createAdaptiveRate(limit: number): AdaptiveRate {
  let believed = limit;
  let bucket = bucketOf(limit, limit, limit);
  let accepted: number[] = [];
  let refusedAt: number | undefined;
  let changedAt = 0;
  const believe = (rate: number, now: number, content: number) => {
    believed = rate;
    changedAt = now;
    bucket = bucketOf(rate, limit, content);
  };
  return {
    wait(now) {
      const steps = believed < limit && refusedAt === undefined ? Math.floor((now - changedAt) / WINDOW_MS) : 0;
      if (steps > 0) believe(Math.min(limit, believed + steps * Math.max(1, limit / 20)), now, bucket.content);
      return bucket.getWaitTime(1);
    },
    take: () => void bucket.tryRemoveTokens(1),
    giveBack() {
      bucket.content = Math.min(bucket.bucketSize, bucket.content + 1);
    },
    accept(now) {
      const since = (refusedAt ?? now) - WINDOW_MS;
      // Once a minute at most; without it the log would grow for as long as the session lasts.
      if ((accepted[0] ?? now) < since - WINDOW_MS) accepted = accepted.filter((time) => time > since);
      accepted.push(now);
    },
    refuse(now) {
      refusedAt ??= now;
    },
    resume(now) {
      const since = (refusedAt ?? now) - WINDOW_MS;
      accepted = accepted.filter((time) => time > since);
      believe(lower(believed, accepted.length, limit), now, 1);
      refusedAt = undefined;
    },
  };
}

/** Trusts the count of the last minute where it says something; a lone 429 in a quiet minute only halves the belief. */
function lower(believed: number, borne: number, limit: number): number {
  const next = borne >= believed / 4 ? Math.min(borne, believed * 0.9) : believed / 2;
  return Math.max(1, limit / 20, next);
}

/**
 * At the full rate the bucket holds a whole minute, so that bursts pass and the ceiling alone decides. Below it, burst
 * and refill together make the rate: a bucket of b refilled with r a minute lets b + r through in a window.
 */
function bucketOf(rate: number, limit: number, content: number): TokenBucket {
  const burst = rate >= limit ? limit : Math.max(1, Math.floor(rate / 5));
  const refill = rate >= limit ? limit : Math.max(1, rate - burst);
  const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: refill, interval: WINDOW_MS });
  // A new bucket is empty; without this the first call of a session would wait.
  bucket.content = Math.min(burst, content);
  return bucket;
}
