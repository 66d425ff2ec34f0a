import { Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { createAdaptiveRate } from './adaptive_rate.ts';
import type { Gate, Waiters } from './gate.ts';
import { gateOf } from './local_gate.ts';
import { createPause } from './pause.ts';
import { createSlidingWindow, WINDOW_MS } from './sliding_window.ts';
import type { Team } from './team.ts';
import { createTeamShare } from './team_share.ts';

export interface SharedGateOptions {
  readonly team: Team;
  readonly callsPerMinute: number;
  readonly timeoutMs: number;
  readonly log: Log;
  /** Shorter in tests. */
  readonly windowMs?: number;
}

export interface SharedGate extends Gate {
  /** Gives the share back to the others. */
  leave(): Promise<void>;
}

/** How long calls wait for the first word of the team, ms. */
const PATIENCE_MS = 10_000;
const NOBODY: Waiters = { count: () => 0, advance: () => {} };

/** The budget of all processes of a tenant: each has a share of it, and what a 429 taught one of them holds for all. */
export function createSharedGate(options: SharedGateOptions): SharedGate {
  const { team, callsPerMinute, timeoutMs, log, windowMs = WINDOW_MS } = options;
  const start = performance.now();
  let waiters = NOBODY;
  const rate = createAdaptiveRate((callsPerMinute * WINDOW_MS) / windowMs);
  const window = createSlidingWindow(() => share.limit(), windowMs);
  const accepted = createAcceptedLog();
  const resuming = createResuming(team, () => waiters.advance());
  let isOwn = false;
  /** The end of a pause that the others have not been told of. */
  let untold: number | undefined;
  const tell = (ms: number) => {
    const until = performance.now() + ms;
    untold = undefined;
    team.throttled(ms).catch(() => {
      untold = until;
    });
  };
  const pause = createPause((now) => {
    accepted.onResumed();
    resuming.begin();
    // What others were told lowers the limit of all, and not the rate of this process as well.
    if (isOwn) rate.onResumed(now);
    isOwn = false;
  });
  const share = createTeamShare({
    team,
    window,
    log,
    timeoutMs,
    accepted: accepted.count,
    waiters: () => waiters,
    onGrant({ pause: ms }) {
      const now = performance.now();
      if (untold !== undefined) tell(untold - now);
      if (ms === 0) return;
      accepted.onPaused();
      pause.begin(now + ms);
    },
  });
  const inner = gateOf({
    window,
    rate,
    pause,
    onAccepted(now) {
      accepted.add(now);
      resuming.end();
    },
    onThrottled(ms) {
      isOwn = true;
      accepted.onPaused();
      tell(ms);
    },
  });
  return {
    leave: share.leave,
    watch(those) {
      waiters = those;
    },
    async admit() {
      const now = performance.now();
      if (share.isUnknown() && now - start > PATIENCE_MS) return { fault: unknownShare() };
      if (pause.wait(now) === 0 && resuming.isHeld(now)) return { wait: 250 };
      if (window.wait(now) > 0) {
        share.ask();
        if (share.isAsking(now)) return { wait: 250 };
      }
      return inner.admit();
    },
  };
}

function unknownShare(): Fault {
  const detail = 'The Redis at MDCA_REDIS_URL has not been reached since the start, so the share in the budget is unknown.';
  return new Fault('throttled', detail, { retryAfter: 5, remedy: 'Ask the operator to check MDCA_REDIS_URL.' });
}

/** When answers came that were not a 429. */
function createAcceptedLog() {
  let times: number[] = [];
  let pausedAt: number | undefined;
  const count = (now: number) => {
    const since = (pausedAt ?? now) - WINDOW_MS;
    times = times.filter((time) => time > since);
    return times.length;
  };
  return {
    count,
    add: (now: number) => void times.push(now),
    onPaused() {
      pausedAt ??= performance.now();
    },
    onResumed() {
      pausedAt = undefined;
    },
  };
}

/** After a pause one call of one process goes alone. Where the others cannot be reached, one of this process does. */
function createResuming(team: Team, onFree: () => void) {
  let state: 'free' | 'held' | 'asking' | 'alone' = 'free';
  let askAt = 0;
  const ask = async () => {
    state = 'asking';
    const mayGo = await team.resume().catch(() => true);
    state = mayGo ? 'alone' : 'held';
    askAt = performance.now() + 250;
    if (mayGo) onFree();
  };
  return {
    begin() {
      state = 'held';
      askAt = 0;
    },
    isHeld(now: number) {
      if (state === 'held' && now >= askAt) void ask();
      return state === 'held' || state === 'asking';
    },
    end() {
      if (state === 'alone') team.resumed().catch(() => {});
      if (state === 'alone') state = 'free';
    },
  };
}
