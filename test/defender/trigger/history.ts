import fc from 'fast-check';

/** Random histories of a tenant and of a reader, for the tests of the trigger. */

export const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
export const LATE = 10 * MINUTE;
export const START = 1_767_600_000_000;

export interface Arrival {
  /** When the service begins to return it, ms. */
  readonly visible: number;
  readonly record: { readonly _id: string; readonly timestamp: unknown; readonly severityValue: number };
}

/** Values that are no sensible time; the service returns their records whatever the filter says. */
const oddTimes = fc.constantFrom<unknown[]>(
  ...[undefined, null, 0, -5, -8.64e15, 1.5, 1_767_600_000, 1_767_600_000_000_000, 5.7e14, 8.64e15, 1e300],
  ...['', '0', 'soon', '1767600000', '2026-99-99', true, [], {}],
);

/** A time of these many ms as a service may write it. */
const written = fc.constantFrom<((time: number) => unknown)[]>(
  (time) => time,
  (time) => time + 0.5,
  (time) => new Date(time).toISOString().replace('Z', '+00:00'),
  (time) => new Date(time).toISOString(),
);

const burst = fc.oneof(
  { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
  { weight: 1, arbitrary: fc.constant(120) },
);

/** Alerts that are there before the reader begins. */
export const oldAlerts = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 5 * HOUR }), fc.option(oddTimes, { freq: 4, nil: 'none' as const })), {
    maxLength: 5,
  })
  .map((rows) =>
    rows.map(([age, odd], n): Arrival => {
      const timestamp = odd === 'none' ? START - age : odd;
      return { visible: 0, record: { _id: `01d${n.toString(16).padStart(21, '0')}`, timestamp, severityValue: 1 } };
    }),
  );

/** Alerts that appear up to ten minutes late, alone and in bursts, some with odd times; at most 960. */
export const arrivals = fc
  .array(
    fc.record({
      after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 15 * MINUTE }), fc.integer({ min: 0, max: 2 * HOUR })),
      late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: LATE })),
      ahead: fc.oneof({ weight: 5, arbitrary: fc.constant(0) }, fc.constantFrom(4 * MINUTE, 2 * HOUR, 720 * HOUR)),
      burst,
      grain: fc.constantFrom(1, 1000, MINUTE),
      odd: fc.option(oddTimes, { freq: 4, nil: 'none' as const }),
      write: written,
      severityValue: fc.constantFrom(0, 1, 2, 3),
    }),
    { maxLength: 8 },
  )
  .map((rows) => {
    let visible = START;
    let number = 0;
    return rows.flatMap(({ after, late, ahead, burst, grain, odd, write, severityValue }) => {
      visible += after;
      // Whole seconds or minutes make equal times; rounded up, so that none is more than ten minutes late.
      const time = Math.min(visible, Math.ceil((visible - late) / grain) * grain) + ahead;
      const timestamp = odd === 'none' ? write(time) : odd;
      return Array.from({ length: burst }, (): Arrival => {
        const _id = (++number).toString(16).padStart(24, '0');
        return { visible, record: { _id, timestamp, severityValue } };
      });
    });
  });

const LOOKS = ['full', 'full', 'empty', 'shard', 'shard', 'head', 'tail', 'stale', 'reversed'] as const;
type Look = (typeof LOOKS)[number];

/** What a look of a kind shows of the rows that it should show. */
export function shown(look: Look, rows: readonly Arrival[], now: number): readonly Arrival[] {
  if (look === 'empty') return [];
  if (look === 'shard') return rows.filter(({ record }) => /[02468ace]$/.test(record._id));
  if (look === 'head') return rows.slice(0, Math.ceil(rows.length / 2));
  if (look === 'tail') return rows.slice(Math.floor(rows.length / 2));
  if (look === 'stale') return rows.filter(({ visible }) => visible <= now - 9 * MINUTE);
  return look === 'reversed' ? rows.toReversed() : rows;
}

/** The header `Date` of a service whose time is `now`. */
const dates = fc.constantFrom<((now: number) => string | undefined)[]>(
  ...Array.from({ length: 4 }, () => (now: number) => new Date(now).toUTCString()),
  () => undefined,
  () => 'yesterday',
  () => new Date(0).toUTCString(),
  () => new Date(Date.UTC(2099, 0)).toUTCString(),
);

export interface Step {
  readonly wait: number;
  readonly limit: number;
  readonly fails: boolean;
  readonly restarts: boolean;
  readonly look: Look;
  /** How far our clock is ahead of the service's, ms. */
  readonly ahead: number;
  readonly date: (now: number) => string | undefined;
}

/** What a reader does next: it waits, may restart from its cursor, and reads with this limit, which may fail. */
export const step: fc.Arbitrary<Step> = fc.record({
  wait: fc.oneof(
    fc.integer({ min: 0, max: 4 * MINUTE }),
    fc.integer({ min: 0, max: 15 * MINUTE }),
    fc.integer({ min: 0, max: 3 * HOUR }),
  ),
  limit: fc.constantFrom(1, 7, 20, 100),
  fails: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constant(true)),
  restarts: fc.boolean(),
  look: fc.constantFrom(...LOOKS),
  ahead: fc.constantFrom(0, 0, 11 * MINUTE, 9 * HOUR, -11 * MINUTE, -9 * HOUR),
  date: dates,
});
