const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago, in one unit: `now`, `5 min`, `3 h`, `12 d`. @param then ms since the epoch; 0: unknown */
export function ageOf(then: number, now: number): string {
  if (then === 0) return '';
  const age = now - then;
  if (age < MINUTE) return 'now';
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  return age < 2 * DAY ? `${Math.floor(age / HOUR)} h` : `${Math.floor(age / DAY)} d`;
}

/** `2026-11-27 22:38`, in UTC, as the server's text has it. @param time ISO-8601 */
export function minuteOf(time: string): string {
  return time.slice(0, 16).replace('T', ' ');
}

/** The parts of a time, as a timeline shows them. An activity's id begins with its time where it has no other. */
export function timeOf({ time, id }: { readonly time?: string | undefined; readonly id: string }): {
  readonly day: string;
  readonly clock: string;
} {
  const [, day = '', clock = ''] = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)/.exec(time ?? id) ?? [];
  return { day, clock };
}
