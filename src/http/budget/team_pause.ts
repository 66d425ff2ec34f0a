import type { AdaptiveRate } from './adaptive_rate.ts';
import { createPause, type Pause } from './pause.ts';
import { WINDOW_MS } from './sliding_window.ts';
import type { Team } from './team.ts';

/** The pause that a 429 asks for, which all processes keep, whichever of them got it. */
export interface TeamPause {
  readonly pause: Pause;
  /** Answers in the last minute, or in the minute before a pause, that were not a 429. */
  accepted(now: number): number;
  /** A call of another process goes alone. */
  isHeld(now: number): boolean;
  onAccepted(now: number): void;
  onThrottled(ms: number): void;
  /** The team could be reached. @param ms what is left of a pause there */
  onContact(ms: number): void;
}

/** After a pause one process asks again whether it may send the one call that goes alone, ms. */
const ASK_MS = 250;

export function createTeamPause(team: Team, rate: AdaptiveRate, onFree: () => void): TeamPause {
  const accepted = createAcceptedLog();
  const resuming = createResuming(team, onFree);
  let isOwn = false;
  /** The end of a pause that the others have not been told of. */
  let untold: number | undefined;
  const pause = createPause((now) => {
    accepted.onResumed();
    resuming.begin();
    // A 429 of another process lowers the limit of all, and not the rate of this process as well.
    if (isOwn) rate.onResumed(now);
    isOwn = false;
  });
  const tell = (ms: number) => {
    const until = performance.now() + ms;
    untold = undefined;
    team.throttled(ms).catch(() => {
      untold = until;
    });
  };
  return {
    pause,
    accepted: accepted.count,
    isHeld: (now) => pause.wait(now) === 0 && resuming.isHeld(now),
    onAccepted(now) {
      accepted.add(now);
      resuming.end();
    },
    onThrottled(ms) {
      isOwn = true;
      accepted.onPaused();
      tell(ms);
    },
    onContact(ms) {
      const now = performance.now();
      if (untold !== undefined) tell(untold - now);
      if (ms === 0) return;
      accepted.onPaused();
      pause.begin(now + ms);
    },
  };
}

/** When answers came that were not a 429. */
function createAcceptedLog() {
  let times: number[] = [];
  let pausedAt: number | undefined;
  return {
    count(now: number) {
      const since = (pausedAt ?? now) - WINDOW_MS;
      times = times.filter((time) => time > since);
      return times.length;
    },
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
    askAt = performance.now() + ASK_MS;
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
      if (state !== 'alone') return;
      state = 'free';
      team.resumed().catch(() => {});
    },
  };
}
