import { TokenBucket } from 'limiter';
import { WINDOW_MS } from './sliding_window.ts';

/**
 * The rate at which this tenant accepts calls: the configured limit until a 429; then about what was accepted in the
 * minute before that 429; then 5 % of the limit more each minute. In calls a minute; times are ms of one monotonic
 * clock.
 */
export interface AdaptiveRate {
  /** ms until the next call may be sent. */
  wait(now: number): number;
  /** Takes a token for one call; call only when `wait` is 0. */
  take(): void;
  /** Gives back the token of a call that was not sent. */
  giveBack(): void;
  /** An answer that was not a 429. */
  onAccepted(now: number): void;
  /** A 429. The rate falls only in `onResumed`, when the answers of the same burst are counted as well. */
  onThrottled(now: number): void;
  /** The pause after a 429 is over. */
  onResumed(now: number): void;
}

export function createAdaptiveRate(limit: number): AdaptiveRate {
  let rate = limit;
  let bucket = createBucket(limit, limit, limit);
  let acceptedAt: number[] = [];
  let throttledAt: number | undefined;
  let changedAt = 0;
  const setRate = (next: number, now: number, content: number) => {
    rate = next;
    changedAt = now;
    bucket = createBucket(next, limit, content);
  };
  return {
    wait(now) {
      const steps = rate < limit && throttledAt === undefined ? Math.floor((now - changedAt) / WINDOW_MS) : 0;
      if (steps > 0) setRate(Math.min(limit, rate + steps * Math.max(1, limit / 20)), now, bucket.content);
      return bucket.getWaitTime(1);
    },
    take: () => void bucket.tryRemoveTokens(1),
    giveBack() {
      bucket.content = Math.min(bucket.bucketSize, bucket.content + 1);
    },
    onAccepted(now) {
      const since = (throttledAt ?? now) - WINDOW_MS;
      // Drops old entries, at most once a minute; otherwise the log would grow as long as the session lasts.
      if ((acceptedAt[0] ?? now) < since - WINDOW_MS) acceptedAt = acceptedAt.filter((time) => time > since);
      acceptedAt.push(now);
    },
    onThrottled(now) {
      throttledAt ??= now;
    },
    onResumed(now) {
      const since = (throttledAt ?? now) - WINDOW_MS;
      acceptedAt = acceptedAt.filter((time) => time > since);
      setRate(lowered(rate, acceptedAt.length, limit), now, 1);
      throttledAt = undefined;
    },
  };
}

/**
 * The rate after a 429: the number of accepted calls, but at most 90 % of the old rate. Few accepted calls say little
 * about what the tenant accepts, so below a quarter of the old rate that rate is only halved.
 */
function lowered(rate: number, accepted: number, limit: number): number {
  const next = accepted >= rate / 4 ? Math.min(accepted, rate * 0.9) : rate / 2;
  return Math.max(1, limit / 20, next);
}

/**
 * At the configured limit the bucket holds the calls of a whole minute, so that bursts are left to the sliding window.
 * Below it, a bucket of size b that is refilled with r a minute lets b + r calls through in a window, so the rate is
 * b + r.
 */
function createBucket(rate: number, limit: number, content: number): TokenBucket {
  const burst = rate >= limit ? limit : Math.max(1, Math.floor(rate / 5));
  const refill = rate >= limit ? limit : Math.max(1, rate - burst);
  const bucket = new TokenBucket({ bucketSize: burst, tokensPerInterval: refill, interval: WINDOW_MS });
  // A new bucket is empty; without this the first call of a session would wait.
  bucket.content = Math.min(burst, content);
  return bucket;
}
