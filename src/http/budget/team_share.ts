import type { Log } from '../../core/log.ts';
import { createContact } from './contact.ts';
import type { Waiters } from './gate.ts';
import { HELD_BACK_MS, type SlidingWindow, WINDOW_MS } from './sliding_window.ts';
import type { Grant, Team } from './team.ts';

/** Between two exchanges, ms; shorter while calls wait or what is lent has to be given back. */
const CALM_MS = 1_000;
const BUSY_MS = 250;
/** After so long without a word the others count as gone or silent too, ms. */
const SILENT_MS = 5_000;
/** How long calls wait for what others may still lend, ms. */
const ASKING_MS = 2_000;

/** A process that has not asked for so long may have missed a start of Redis, ms. */
const STALE_MS = 2_000;
/** Others take it for ended a little later, ms. */
const ENDED_MS = 300_000;

/** A process arms itself with a quarter of what it holds, and at least with so many calls. */
const LEAST_ARMED = 10;

/** A process has no share, and can ask nobody for one. */
export interface NoShare {
  /** Since when, as `performance.now` tells it. */
  readonly since: number;
  /** It has never been told of a share. */
  readonly isUnknown: boolean;
}

/** How many calls this process may count at a time. */
export interface TeamShare {
  limit(): number;
  /** A call waits for a place. */
  ask(): void;
  /** Others may still lend what the calls that wait need. */
  isAsking(now: number): boolean;
  /** The process was stopped, or could not go on: what it knows of its share may hold no more until it has asked. */
  isStale(): boolean;
  /** Undefined where there is a share, or where the others can be asked for one. */
  noShare(): NoShare | undefined;
  leave(): Promise<void>;
}

export interface ShareOptions {
  readonly team: Team;
  readonly window: SlidingWindow;
  readonly log: Log;
  /** Longest time until a call is given up, ms. */
  readonly timeoutMs: number;
  readonly accepted: (now: number) => number;
  readonly waiters: () => Waiters;
  readonly onGrant: (grant: Grant) => void;
}

/**
 * The share of this process in a budget. The shares of all together never exceed the budget, and each process counts
 * its own calls by its own clock; so the budget holds whether or not the others can be reached. What a process does not
 * need is lent while others wait: it lowers its own share first, then tells so, and only then is it given to another.
 */
export function createTeamShare(options: ShareOptions): TeamShare {
  const { team, window, waiters } = options;
  const share = createShare(options);
  let askedAt: number | undefined;
  const need = () => window.count(performance.now()) + waiters().count();
  const loop = createLoop(
    async () => {
      const isLending = await share.exchange(need);
      if (need() <= share.limit()) askedAt = undefined;
      return isLending;
    },
    () => (share.isAway() || need() > share.limit() ? BUSY_MS : CALM_MS),
  );
  team.onNews(loop.now);
  return {
    limit: share.limit,
    noShare: share.noShare,
    ask() {
      if (askedAt !== undefined) return;
      askedAt = performance.now();
      loop.now();
    },
    isStale: share.isStale,
    isAsking: (now) => !share.isAway() && now - (askedAt ?? Number.NEGATIVE_INFINITY) < ASKING_MS,
    async leave() {
      loop.end();
      const now = performance.now();
      await team.leave(window.count(now), window.busyFor(now)).catch(() => {});
    },
  };
}

/** What this process holds, and what it knows of the others. */
function createShare({ team, window, log, timeoutMs, accepted, waiters, onGrant }: ShareOptions) {
  let [limit, armed] = [0, 0];
  let known: Grant | undefined;
  let contactAt = Number.NEGATIVE_INFINITY;
  const contact = createContact(log);
  const change = (next: number, nextArmed = next) => {
    const isMore = Math.min(next, nextArmed) > Math.min(limit, armed);
    limit = next;
    armed = nextArmed;
    if (isMore) waiters().advance();
  };
  const away = () => {
    const equal = known ? equalOf(known) : 0;
    // All that the others may have been lent counts no more, even where it has got no answer.
    const isReturned = performance.now() - contactAt > SILENT_MS + timeoutMs + HELD_BACK_MS + WINDOW_MS;
    contact.lost(equal);
    change(Math.max(Math.min(limit, Math.max(1, equal)), known && isReturned ? equal : 0));
  };
  return {
    limit: () => Math.min(limit, armed),
    isAway: contact.isAway,
    isStale: () => contact.silentFor() > STALE_MS,
    noShare: () =>
      !known || (contact.isAway() && limit === 0) ? { since: contact.changedAt(), isUnknown: !known } : undefined,
    /** @returns whether less is needed from now on than the others know */
    async exchange(need: () => number): Promise<boolean> {
      const now = performance.now();
      const counted = window.count(now);
      // Others take a process that has been silent for so long for ended.
      if (contact.silentFor() > ENDED_MS) limit = Math.min(limit, counted);
      const held = Math.max(limit, counted);
      const nextArmed = armedOf(held, counted);
      armed = Math.min(armed, nextArmed);
      try {
        known = await team.exchange({ held, counted, armed: nextArmed, need: need(), accepted: accepted(now) });
      } catch {
        away();
        return false;
      } finally {
        contact.beat();
      }
      contactAt = now;
      contact.found();
      onGrant(known);
      change(nextLimit(known, need()), nextArmed);
      return (armed < limit && need() > armed) || Math.max(limit, window.count(performance.now())) < known.held;
    },
  };
}

function armedOf(held: number, counted: number): number {
  return Math.min(held, counted + Math.max(LEAST_ARMED, Math.ceil(held / 4)));
}

function equalOf({ limit, members }: Grant): number {
  return Math.floor(limit / members);
}

/** What this process may count from now on; at most what it was granted. */
function nextLimit(grant: Grant, need: number): number {
  const { held, wanted, owed } = grant;
  const equal = Math.max(1, equalOf(grant));
  if (owed > 0 && held > equal) return equal;
  if (need >= held) return held;
  // A tenth of an equal share is never lent, so that a few calls can leave at once when the others cannot be reached.
  if (wanted > 0) return Math.min(held, Math.max(need, equal > 1 ? Math.ceil(equal / 10) : 0));
  // One that is alone holds no more than a half without need, for whoever comes after it if it ends without a word.
  return Math.min(held, Math.max(need, Math.min(equal, Math.ceil(grant.limit / 2))));
}

/** Does the work again and again, one at a time: at once if it says so or is asked to, or after a while. */
function createLoop(work: () => Promise<boolean>, pause: () => number) {
  let isAsked = false;
  let isEnded = false;
  let isRunning = false;
  let timer: NodeJS.Timeout | undefined;
  const run = async () => {
    do {
      isAsked = false;
      isAsked = (await work()) || isAsked;
    } while (isAsked && !isEnded);
    isRunning = false;
    if (!isEnded) timer = setTimeout(now, pause()).unref();
  };
  const now = () => {
    isAsked = true;
    clearTimeout(timer);
    if (isRunning || isEnded) return;
    isRunning = true;
    void run();
  };
  now();
  return {
    now,
    end() {
      isEnded = true;
      clearTimeout(timer);
    },
  };
}
