/** A pause that a 429 asks for. After it one call goes alone, and all others wait until that one has ended. */
export interface Pause {
  /** ms until a call may be sent; Infinity while a call goes alone. Times are ms of one monotonic clock. */
  wait(now: number): number;
  /** The longest of several pauses counts. */
  begin(until: number): void;
  onAdmitted(call: object): void;
  /** @param answered if not, the next call goes alone instead */
  onEnded(call: object, answered: boolean): void;
}

/** @param onOver called when a pause is over, before the first call after it */
export function createPause(onOver: (now: number) => void): Pause {
  let until: number | undefined;
  /** The call that goes alone. */
  let probe: object | 'due' | undefined;
  return {
    wait(now) {
      if (until !== undefined && now >= until) {
        until = undefined;
        probe = 'due';
        onOver(now);
      }
      if (until !== undefined) return until - now;
      return typeof probe === 'object' ? Number.POSITIVE_INFINITY : 0;
    },
    begin(time) {
      until = Math.max(until ?? 0, time);
    },
    onAdmitted(call) {
      if (probe === 'due') probe = call;
    },
    onEnded(call, answered) {
      if (probe === call) probe = answered ? undefined : 'due';
    },
  };
}
