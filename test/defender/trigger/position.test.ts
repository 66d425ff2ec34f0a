import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromCursor, toCursor } from '../../../src/defender/trigger/cursor.ts';
import type { FeedPage, FeedQuery } from '../../../src/defender/trigger/feed_page.ts';
import { type Position, positionAfter, queryOf, sinceOf, take } from '../../../src/defender/trigger/position.ts';
import type { TriggerAlert } from '../../../src/defender/trigger/trigger_alert.ts';
import { createPoll } from '../../../src/watch/poll.ts';
import { createVirtualClock } from '../../watch/virtual_clock.ts';

const MINUTE = 60_000;
const LATE = 10 * MINUTE;
const START = 1_767_600_000_000;
const TENANT = 'https://contoso.us2.portal.cloudappsecurity.com';

interface Arrival {
  /** When the service begins to return it, and its own timestamp, ms. */
  readonly visible: number;
  readonly time: number;
  readonly id: string;
  readonly severity: string;
}

function alertOf({ time, id, severity }: Arrival): TriggerAlert {
  return {
    ProviderAlertId: id,
    TimeGenerated: new Date(time).toISOString(),
    Severity: severity,
    Metadata: {},
    ExtendedProperties: {},
    Entities: [],
    ExtendedLinks: [],
  };
}

/** What the service answers at a moment. */
function look(arrivals: readonly Arrival[], now: number, { since, count }: { since: number; count: number }): FeedPage {
  const there = arrivals.filter(({ visible, time }) => visible <= now && time >= since).sort((a, b) => a.time - b.time);
  return { alerts: there.slice(0, count).map(alertOf), complete: there.length <= count };
}

function positionAt(text: string): Position {
  const position = fromCursor(text, TENANT);
  if ('problem' in position) throw new Error(position.problem);
  return position;
}

const arrivals = fc
  .array(
    fc.record({
      after: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 12 * MINUTE })),
      late: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: LATE })),
      burst: fc.oneof(
        { weight: 9, arbitrary: fc.integer({ min: 1, max: 3 }) },
        { weight: 1, arbitrary: fc.constant(300) },
      ),
      grain: fc.constantFrom(1, 1000, MINUTE),
      severity: fc.constantFrom('Informational', 'Low', 'Medium', 'High'),
    }),
    { maxLength: 8 },
  )
  .map((rows) => {
    let visible = START;
    let number = 0;
    return rows.flatMap(({ after, late, burst, grain, severity }) => {
      visible += after;
      // Whole seconds or minutes make equal times; rounded up, so that none is more than ten minutes late.
      const time = Math.min(visible, Math.ceil((visible - late) / grain) * grain);
      return Array.from(
        { length: burst },
        (): Arrival => ({ visible, time, severity, id: (++number).toString(16).padStart(24, '0') }),
      );
    });
  });

/** What a reader does next: it waits, may restart from its cursor, and reads with this limit, which may fail. */
const steps = fc.array(
  fc.record({
    wait: fc.integer({ min: 0, max: 15 * MINUTE }),
    limit: fc.constantFrom(1, 7, 20, 100),
    fails: fc.boolean(),
    restarts: fc.boolean(),
  }),
  { maxLength: 12 },
);

describe('a reader that carries its cursor', () => {
  test('gets each alert exactly once, over 2,000 histories of bursts, late alerts, failures and restarts', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, steps, async (history, actions) => {
        const clock = createVirtualClock(START - 1);
        let fails = false;
        const read = async (queries: readonly FeedQuery[]) => {
          if (fails) throw new Error('503');
          return new Map(queries.map((query) => [query, look(history, clock.now(), query)]));
        };
        const start = () => createPoll({ clock, interval: MINUTE, read });
        let poll = start();
        let cursor = toCursor(positionAfter([], clock.now()), TENANT);
        const given: string[] = [];
        const step = async (limit: number) => {
          const position = positionAt(cursor);
          const wanted = { limit, minSeverity: undefined };
          const looking = poll.now(queryOf(position, wanted), new AbortController().signal).catch(() => undefined);
          await clock.advance(0);
          const visible = await looking;
          if (!visible) return true;
          const taken = take(position, visible, wanted, clock.now());
          given.push(...taken.alerts.map(({ ProviderAlertId }) => ProviderAlertId));
          cursor = toCursor(taken.position, TENANT);
          return taken.hasMore;
        };
        for (const action of actions) {
          await clock.advance(action.wait);
          if (action.restarts) poll = start();
          fails = action.fails;
          await step(action.limit);
        }
        fails = false;
        await clock.advance(200 * MINUTE);
        while (await step(100));
        expect(given.toSorted()).toEqual(history.map(({ id }) => id).toSorted());
      }),
      { numRuns: 2_000 },
    );
  }, 120_000);

  test('gets no alert that was there when it began, but gets those that arrive late after that', () => {
    const old = [1, 2, 3].map(
      (n): Arrival => ({ visible: START, time: START - n * MINUTE, id: `${n}`, severity: 'Low' }),
    );
    const late: Arrival = { visible: START + 1, time: START - 9 * MINUTE, id: 'late', severity: 'Low' };
    const position = positionAfter(old.map(alertOf), START);
    const wanted = { limit: 20, minSeverity: undefined };
    const visible = look([...old, late], START + 1, queryOf(position, wanted));
    expect(take(position, visible, wanted, START).alerts.map(({ ProviderAlertId }) => ProviderAlertId)).toEqual([
      'late',
    ]);
  });

  test('with a minimum severity skips lower alerts for good, and gets those of unknown severity', () => {
    const rows = ['Low', 'High', 'Medium', 'Informational'].map(
      (severity, n): Arrival => ({ visible: START, time: START + n, id: severity, severity }),
    );
    const odd = { ...alertOf({ visible: START, time: START + 9, id: 'odd', severity: '' }), Severity: undefined };
    const visible = { alerts: [...rows.map(alertOf), odd], complete: true };
    const taken = take(positionAfter([], START), visible, { limit: 20, minSeverity: 'medium' }, START);
    expect(taken.alerts.map(({ ProviderAlertId }) => ProviderAlertId)).toEqual(['High', 'Medium', 'odd']);
    expect(take(taken.position, visible, { limit: 20, minSeverity: undefined }, START).alerts).toEqual([]);
  });

  test('still gets late alerts for ten minutes after one whose timestamp is ahead of our clock', () => {
    const ahead: Arrival = { visible: START, time: START + 4 * MINUTE, id: 'ahead', severity: 'Low' };
    const late: Arrival = { visible: START + 1, time: START - 9 * MINUTE, id: 'late', severity: 'Low' };
    const wanted = { limit: 20, minSeverity: undefined };
    const first = take(positionAfter([], START), look([ahead], START, { since: 0, count: 30 }), wanted, START);
    const second = take(first.position, look([ahead, late], START + 1, queryOf(first.position, wanted)), wanted, START);
    expect(second.alerts.map(({ ProviderAlertId }) => ProviderAlertId)).toEqual(['late']);
  });

  test('forgets alerts that the service no longer returns', () => {
    const rows = [1, 2, 3].map((n): Arrival => ({ visible: START, time: START + n, id: `${n}`, severity: 'Low' }));
    const position = positionAfter(rows.map(alertOf), START + 9);
    const { seen } = take(
      position,
      look(rows.slice(2), START, { since: 0, count: 9 }),
      { limit: 1, minSeverity: undefined },
      START,
    ).position;
    expect(seen.size).toBe(1);
  });

  test('gets the alerts that follow one with a timestamp in the far future', () => {
    const far: Arrival = { visible: START, time: START + 10 ** 11, id: 'far', severity: 'Low' };
    const next: Arrival = { visible: START + MINUTE, time: START + MINUTE, id: 'next', severity: 'Low' };
    const wanted = { limit: 20, minSeverity: undefined };
    const first = take(positionAfter([], START), look([far], START, { since: 0, count: 30 }), wanted, START);
    expect(first.alerts).toHaveLength(1);
    const second = take(
      first.position,
      look([far, next], START + MINUTE, queryOf(first.position, wanted)),
      wanted,
      START,
    );
    expect(second.alerts.map(({ ProviderAlertId }) => ProviderAlertId)).toEqual(['next']);
  });
});

describe('a cursor', () => {
  const hex = fc.stringMatching(/^[0-9a-f]{10}$/);
  const positions = fc.record({
    high: fc.integer({ min: 0, max: 2 ** 47 }),
    seen: fc.uniqueArray(hex, { maxLength: 40 }),
  });

  test('decodes to the position that it was made from', () => {
    fc.assert(
      fc.property(positions, ({ high, seen }) => {
        expect(positionAt(toCursor({ high, seen: new Set(seen) }, TENANT))).toEqual({ high, seen: new Set(seen) });
      }),
    );
  });

  test('that is damaged, foreign or no cursor at all is refused', () => {
    fc.assert(
      fc.property(positions, fc.nat(), fc.constantFrom('A', 'b', '_'), ({ high, seen }, at, letter) => {
        const cursor = toCursor({ high, seen: new Set(seen) }, TENANT);
        const place = 3 + (at % (cursor.length - 4));
        const damaged = cursor.slice(0, place) + letter + cursor.slice(place + 1);
        if (damaged !== cursor) expect(fromCursor(damaged, TENANT)).toHaveProperty('problem');
        expect(fromCursor(cursor.slice(0, -1 - (at % 5)), TENANT)).toHaveProperty('problem');
      }),
    );
    expect(
      fromCursor(toCursor(positionAfter([], START), TENANT), 'https://fabrikam.eu.portal.cloudappsecurity.com'),
    ).toEqual({
      problem: 'is of another tenant',
    });
    for (const text of ['', 'c1.', 'c2.AAAA', 'null', '0', '\u0000'])
      expect(fromCursor(text, TENANT)).toHaveProperty('problem');
  });

  test('holds only the alerts of the last ten minutes', () => {
    const position = positionAfter(
      Array.from({ length: 300 }, (_, n) =>
        alertOf({ visible: START, time: START + n * MINUTE, id: `${n}`, severity: 'Low' }),
      ),
      START + 400 * MINUTE,
    );
    expect(position.seen.size).toBe(11);
    expect(sinceOf(position)).toBe(position.high - LATE);
  });
});
