import type { Log } from '../../core/log.ts';

/** Whether the others can be reached; says so once when that changes. */
export function createContact(log: Log) {
  let isAway = false;
  let changedAt = performance.now();
  let beats = [performance.now(), Date.now()] as const;
  return {
    isAway: () => isAway,
    changedAt: () => changedAt,
    lost(share: number) {
      if (isAway) return;
      changedAt = performance.now();
      isAway = true;
      log.warn('Redis is away: this process keeps to its share of the call budget', { share });
    },
    found() {
      if (isAway) log.info('Redis is back: the call budget is shared again');
      isAway = false;
    },
    /** The others were asked, with or without an answer. */
    beat() {
      beats = [performance.now(), Date.now()];
    },
    /** How long they were not, ms: by a clock that stands still while a laptop sleeps, and by one that does not. */
    silentFor: () => Math.max(performance.now() - beats[0], Date.now() - beats[1]),
  };
}
