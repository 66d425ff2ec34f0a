import { Fault } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { createAdaptiveRate } from './adaptive_rate.ts';
import type { Gate, Waiters } from './gate.ts';
import { gateOf } from './local_gate.ts';
import { createSlidingWindow, WINDOW_MS } from './sliding_window.ts';
import type { Team } from './team.ts';
import { createTeamPause } from './team_pause.ts';
import { createTeamShare, type NoShare } from './team_share.ts';

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

/** How long calls wait for a share where there is none and nobody can be asked, ms. */
const PATIENCE_MS = 10_000;
/** After which a call that waits for another process is looked at again, ms. */
const AGAIN_MS = 250;
const NOBODY: Waiters = { count: () => 0, advance: () => {} };

/** The budget of all processes of a tenant: each has a share of it, and what a 429 taught one of them holds for all. */
export function createSharedGate(options: SharedGateOptions): SharedGate {
  const { team, callsPerMinute, timeoutMs, log, windowMs = WINDOW_MS } = options;
  let waiters = NOBODY;
  const rate = createAdaptiveRate((callsPerMinute * WINDOW_MS) / windowMs);
  const window = createSlidingWindow(() => share.limit(), windowMs);
  const { pause, ...lessons } = createTeamPause(team, rate, () => waiters.advance());
  const share = createTeamShare({
    team,
    window,
    log,
    timeoutMs,
    accepted: lessons.accepted,
    waiters: () => waiters,
    onGrant: (grant) => lessons.onContact(grant.pause),
  });
  const inner = gateOf({ window, rate, pause, onAccepted: lessons.onAccepted, onThrottled: lessons.onThrottled });
  return {
    leave: share.leave,
    watch(those) {
      waiters = those;
    },
    async admit() {
      const now = performance.now();
      const noShare = share.noShare();
      // Nothing tells when a share comes, so the calls that wait for one ask again until they are given up.
      if (noShare) return now - noShare.since > PATIENCE_MS ? { fault: faultOf(noShare) } : { wait: AGAIN_MS };
      if (share.isStale()) return { wait: AGAIN_MS };
      if (lessons.isHeld(now)) return { wait: AGAIN_MS };
      if (window.wait(now) > 0) {
        share.ask();
        if (share.isAsking(now)) return { wait: AGAIN_MS };
      }
      return inner.admit();
    },
  };
}

function faultOf({ isUnknown }: NoShare): Fault {
  const detail = isUnknown
    ? 'The Redis at MDCA_REDIS_URL has not been reached since the start, so the share in the call budget is unknown.'
    : 'Redis cannot be reached, and this process had no share in the call budget when it was reached last.';
  return new Fault('throttled', detail, { retryAfter: 5, remedy: 'Ask the operator to check MDCA_REDIS_URL.' });
}
