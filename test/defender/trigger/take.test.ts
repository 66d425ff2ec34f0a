import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { NO_TIME } from '../../../src/defender/trigger/alert_time.ts';
import type { FeedPage } from '../../../src/defender/trigger/feed_page.ts';
import {
  beginningOf,
  MAX_MARKS,
  type Position,
  positionAtStart,
  queryOf,
  sinceOf,
  take,
} from '../../../src/defender/trigger/position.ts';
import type { TriggerAlert } from '../../../src/defender/trigger/trigger_alert.ts';

const NOW = 1_767_600_000_000;
const LATE = 600_000;
const DAY = 86_400_000;
const ALL = { limit: 20, minSeverity: undefined } as const;
const AT_NOW = { earliest: NOW, latest: NOW };

function alertAt(time: number | undefined, id: string, Severity = 'Low'): TriggerAlert {
  return {
    ProviderAlertId: id,
    TimeGenerated: time === undefined ? undefined : new Date(time).toISOString(),
    Severity,
    Metadata: {},
    ExtendedProperties: {},
    Entities: [],
    ExtendedLinks: [],
  };
}

const idsOf = (alerts: readonly TriggerAlert[]) => alerts.map(({ ProviderAlertId }) => ProviderAlertId);
const whole = (alerts: readonly TriggerAlert[], time = AT_NOW): FeedPage => ({ alerts, complete: true, time });
const part = (...alerts: readonly TriggerAlert[]): FeedPage => ({ alerts, complete: false, time: AT_NOW });
/** The mark of an alert, as a cursor keeps it. */
const markOf = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 10);
const marksOf = (...ids: readonly string[]) => ids.map(markOf).toSorted();
const marked = ({ marks }: Position) => [...marks.keys()].toSorted();
/** Alerts of one time, in the order in which they are delivered. */
const inOrder = (ids: readonly string[]) => ids.toSorted((a, b) => (markOf(a) < markOf(b) ? -1 : 1));

/** A position that looks from `since` on, with alerts that were handled, which moves on at the next chance. */
const at = (since: number, handled: Readonly<Record<string, number>> = {}, more: Partial<Position> = {}): Position => ({
  since: { time: since, mark: '' },
  passed: 0,
  from: since,
  next: since,
  due: 0,
  marks: new Map(Object.entries(handled).map(([id, time]) => [markOf(id), time])),
  ...more,
});

test('a mark is the beginning of a hash, the same in every process', () => {
  expect(marked(positionAtStart(whole([alertAt(NOW, 'a')])))).toEqual(['ca978112ca']);
});

test('a reader looks from ten minutes earlier on, and never from before the beginning of time', () => {
  expect([NOW, LATE, 5].map(sinceOf)).toEqual([NOW - LATE, 0, 0]);
});

describe('a reader begins', () => {
  const latest = [alertAt(NOW - 9, 'a'), alertAt(NOW - 3, 'b'), alertAt(NOW + 1, 'c')];

  test.each([
    ['at the newest alert whose time has come', latest, AT_NOW, NOW - 3],
    ['at one of this very moment', [...latest, alertAt(NOW, 'd')], AT_NOW, NOW],
    ['at the newest that the earlier clock allows', latest, { earliest: NOW - 5, latest: NOW }, NOW - 9],
    [
      'at the newest that our clock allows, if the service does not tell',
      latest,
      { earliest: 0, latest: NOW },
      NOW - 3,
    ],
    ['now, where there is none', [], AT_NOW, NOW],
    ['now, where all are still to come', [alertAt(NOW + 1, 'a')], AT_NOW, NOW],
    ['now, where none has a time', [alertAt(undefined, 'a')], AT_NOW, NOW],
    ['at the beginning, where there is none and nobody tells the time', [], { earliest: 0, latest: NOW }, 0],
  ])('%s', (_what, alerts, time, expected) => {
    expect(beginningOf(alerts, time)).toBe(expected);
  });

  test('ten minutes before that, with a mark for what is there already', () => {
    const there = [NOW - LATE - 1, NOW - LATE, NOW, NOW + DAY, undefined].map((time, n) => alertAt(time, `${n}`));
    const position = positionAtStart(whole(there, { earliest: NOW, latest: NOW + 7 }));
    const marks = { '1': NOW - LATE, '2': NOW, '3': NOW + DAY, '4': NO_TIME };
    expect(position).toEqual(at(NOW - LATE, marks, { due: NOW + 7 + LATE }));
    expect(take(position, whole(there), ALL).alerts).toEqual([]);
  });
});

describe('a query', () => {
  test('reaches as far as what is marked and what is wanted; further where only severe ones are wanted', () => {
    const position = at(NOW - LATE, { a: NOW - LATE, b: NOW, c: NOW });
    expect(queryOf(position, ALL)).toEqual({ since: NOW - LATE, count: 23, ties: false });
    expect(queryOf(position, { limit: 7, minSeverity: 'high' })).toEqual({
      since: NOW - LATE,
      count: 410,
      ties: false,
    });
  });

  test('counts handled alerts without a mark only where they are seen again', () => {
    const position = at(NOW - 9, { a: NOW - 9, b: NOW }, { passed: 50 });
    expect(queryOf(position, ALL).count).toBe(72);
    expect(queryOf({ ...position, from: NOW }, ALL)).toEqual({ since: NOW, count: 21, ties: false });
  });
});

describe('what a reader is given', () => {
  test('is new, oldest first, in the same order whatever order the service has', () => {
    const alerts = [alertAt(NOW, 'c'), alertAt(NOW - 1, 'd'), alertAt(NOW, 'a'), alertAt(NOW, 'b')];
    const expected = ['d', ...inOrder(['a', 'b', 'c'])];
    for (const each of [alerts, alerts.toReversed()]) {
      const { alerts: given, hasMore } = take(at(NOW - 5), whole(each), ALL);
      expect(idsOf(given)).toEqual(expected);
      expect(hasMore).toBe(false);
    }
  });

  test('was not handled before, and does not come before the place up to which all was', () => {
    const page = whole([alertAt(NOW - 6, 'too late'), alertAt(NOW - 5, 'late'), alertAt(NOW - 4, 'handled')]);
    expect(idsOf(take(at(NOW - 5, { handled: NOW - 4 }), page, ALL).alerts)).toEqual(['late']);
  });

  test('comes after that place by its mark, where the times are equal', () => {
    const ids = inOrder(['a', 'b', 'c']);
    const since = { time: NOW, mark: markOf(ids[1] ?? '') };
    const page = whole(ids.map((id) => alertAt(NOW, id)));
    expect(idsOf(take(at(NOW, {}, { since }), page, ALL).alerts)).toEqual(ids.slice(2));
  });

  test.each([undefined, 0, -5, NOW / 1000, 999_999_999_999])('is new and last with the time %s', (time) => {
    const page = whole([alertAt(time, 'odd'), alertAt(NOW, 'even')]);
    const { alerts, position } = take(at(NOW - 5), page, ALL);
    expect(idsOf(alerts)).toEqual(['even', 'odd']);
    expect(position.marks.get(markOf('odd'))).toBe(NO_TIME);
    expect(take(position, page, ALL).alerts).toEqual([]);
  });

  test('comes with the next look if it was left behind, although it has no time', () => {
    const page = whole([alertAt(undefined, 'a'), alertAt(undefined, 'b')]);
    const one = take(at(NOW), page, { ...ALL, limit: 1 });
    const other = take(one.position, page, ALL);
    expect(idsOf([...one.alerts, ...other.alerts])).toEqual(inOrder(['a', 'b']));
  });

  test('has the earliest time that makes sense', () => {
    expect(take(at(0), whole([alertAt(1e12, 'a')]), ALL).position.marks.get(markOf('a'))).toBe(1e12);
  });

  test('is severe enough', () => {
    const page = whole([alertAt(NOW, 'a', 'Low'), alertAt(NOW + 1, 'b', 'High'), alertAt(NOW + 2, 'c', 'Medium')]);
    const { alerts, position } = take(at(NOW), page, { limit: 9, minSeverity: 'medium' });
    expect(idsOf(alerts)).toEqual(['b', 'c']);
    expect(take(position, page, ALL).alerts).toEqual([]);
  });

  test('is no more than it wants, and it hears that there are more', () => {
    const page = whole([alertAt(NOW, 'a'), alertAt(NOW + 1, 'b'), alertAt(NOW + 2, 'c')]);
    const two = take(at(NOW), page, { ...ALL, limit: 2 });
    expect([idsOf(two.alerts), two.hasMore]).toEqual([['a', 'b'], true]);
    expect(take(at(NOW), page, { ...ALL, limit: 3 }).hasMore).toBe(false);
    expect(take(two.position, page, ALL)).toMatchObject({ alerts: [{ ProviderAlertId: 'c' }], hasMore: false });
    expect(take(at(NOW), part(alertAt(NOW, 'a')), ALL).hasMore).toBe(true);
  });

  test('does not include what is behind the one that is left', () => {
    const rows = ['Low', 'High', 'Low', 'High', 'Low'].map((severity, n) => alertAt(NOW + n, `${n}`, severity));
    const first = take(at(NOW), whole(rows), { limit: 1, minSeverity: 'high' });
    expect(idsOf(first.alerts)).toEqual(['1']);
    expect(marked(first.position)).toEqual(marksOf('0', '1', '2'));
  });
});

describe('the place up to which all was handled', () => {
  const NEXT = NOW - LATE - 9;
  const ready = at(NOW - 2 * LATE, { old: NOW - 2 * LATE, edge: NEXT }, { next: NEXT, due: NOW });
  const fresh = alertAt(NOW - 3, 'fresh');

  test('moves on when a look brings new ones and leaves none; what it passes loses its mark', () => {
    const { position } = take(ready, whole([fresh], { earliest: NOW, latest: NOW + 7 }), ALL);
    const marks = { edge: NEXT, fresh: NOW - 3 };
    expect(position).toEqual(at(NEXT, marks, { next: NOW - 3 - LATE, due: NOW + 7 + LATE }));
  });

  test.each<[string, Position, FeedPage, number?]>([
    ['brings nothing', ready, whole([])],
    ['brings only what was handled', ready, whole([alertAt(NEXT, 'edge')])],
    ['leaves some behind', ready, whole([fresh, alertAt(NOW, 'another')]), 1],
    ['does not reach the end', ready, part(fresh)],
    ['comes too early', ready, whole([fresh], { earliest: NOW - 1, latest: NOW + LATE })],
    ['comes at an unknown time', ready, whole([fresh], { earliest: 0, latest: NOW + LATE })],
    ['does not begin there', { ...ready, from: NEXT }, whole([fresh])],
  ])('stays after a look that %s', (_what, before, page, limit = 20) => {
    const { position, alerts } = take(before, page, { ...ALL, limit });
    expect(position).toMatchObject({ since: ready.since, next: ready.next, due: ready.due });
    expect(marked(position)).toEqual(marksOf('old', 'edge', ...idsOf(alerts)));
  });

  test('is not moved by alerts that are still to come or have no time', () => {
    const { position } = take(ready, whole([alertAt(NOW + 1, 'ahead'), alertAt(undefined, 'timeless')]), ALL);
    expect(position).toMatchObject({ since: { time: NEXT }, next: NEXT });
    expect(marked(position)).toEqual(marksOf('edge', 'ahead', 'timeless'));
  });

  test('moves up to an alert of this very moment', () => {
    expect(take(ready, whole([alertAt(NOW, 'now')]), ALL).position.next).toBe(NOW - LATE);
  });

  test('never goes back', () => {
    const ahead = { ...ready, since: { time: NOW, mark: 'f' }, passed: 3, from: NOW };
    const { position } = take(ahead, whole([alertAt(NOW + 1, 'a')], { earliest: NOW + 1, latest: NOW + 1 }), ALL);
    expect(position).toMatchObject({ since: ahead.since, from: NOW, next: NOW + 1 - LATE });
    const late = { ...ready, next: NOW, marks: new Map() };
    expect(take(late, whole([alertAt(NOW - LATE, 'late')]), ALL).position.next).toBe(NOW);
  });

  test('forgets what it had passed at another time', () => {
    expect(take({ ...ready, passed: 3 }, whole([fresh]), ALL).position.passed).toBe(0);
  });

  test('waits for an alert whose time has changed', () => {
    const page = whole([alertAt(NOW - 1, 'old'), fresh]);
    const { alerts, position } = take(ready, page, ALL);
    expect(idsOf(alerts)).toEqual(['fresh']);
    expect(position.marks.get(markOf('old'))).toBe(NOW - 1);
    const earlier = take(position, whole([alertAt(NOW - 5, 'old')]), ALL).position;
    expect(earlier.marks.get(markOf('old'))).toBe(NOW - 1);
  });
});

describe('many alerts', () => {
  const rows = (count: number, time: (n: number) => number | undefined) =>
    Array.from({ length: count }, (_, n) => alertAt(time(n), `${n}`));
  const takeAll = (position: Position, alerts: readonly TriggerAlert[], time = AT_NOW) =>
    take(position, whole(alerts, time), { ...ALL, limit: 10_000 }).position;

  test('are marked up to the bound', () => {
    const alerts = rows(MAX_MARKS, (n) => NOW + n);
    const position = takeAll(at(NOW), alerts);
    expect([position.since, position.passed, position.marks.size]).toEqual([{ time: NOW, mark: '' }, 0, MAX_MARKS]);
  });

  test('beyond it move the place past the oldest of them', () => {
    const position = takeAll(
      at(NOW),
      rows(MAX_MARKS + 2, (n) => NOW + n),
    );
    expect([position.since, position.passed]).toEqual([{ time: NOW + 1, mark: markOf('1') }, 1]);
    expect([position.from, position.marks.size]).toEqual([NOW + 1, MAX_MARKS]);
  });

  test('of one time are counted where the service shows them, although they have no mark', () => {
    const alerts = rows(MAX_MARKS + 9, () => NOW);
    const position = takeAll(at(NOW), [alertAt(NOW - 1, 'older'), ...alerts]);
    expect([position.since.time, position.passed, position.marks.size]).toEqual([NOW, 9, MAX_MARKS]);
    expect(queryOf(position, ALL).count).toBe(MAX_MARKS + 29);
    const again = take(position, whole(alerts), ALL);
    expect([again.alerts, again.position]).toEqual([[], position]);
    // Some that were lost must not keep later ones from being read.
    const lost = take(at(NOW, {}, { since: { time: NOW, mark: 'f' } }), part(...alerts.slice(0, 20)), ALL);
    expect([lost.position.passed, lost.hasMore]).toEqual([20, true]);
  });

  test('of the last time are all read before marks are dropped', () => {
    const full = takeAll(
      at(NOW),
      rows(MAX_MARKS - 20, (n) => NOW + n),
    );
    expect(queryOf(full, ALL).ties).toBe(false);
    expect(queryOf(full, { ...ALL, limit: 21 }).ties).toBe(true);
    expect(queryOf(full, { ...ALL, minSeverity: 'low' }).ties).toBe(true);
  });

  test('move the place up to a day ahead of the clock, and no further', () => {
    const time = { earliest: NOW - DAY, latest: NOW };
    expect(
      takeAll(
        at(NOW),
        rows(MAX_MARKS + 1, () => NOW + DAY),
        time,
      ).since.time,
    ).toBe(NOW + DAY);
    expect(
      takeAll(
        at(NOW),
        rows(MAX_MARKS + 1, () => NOW + DAY + 1),
        time,
      ).since,
    ).toEqual({ time: NOW, mark: '' });
  });

  test('in the first look of a reader are bounded too', () => {
    const position = positionAtStart(whole(rows(MAX_MARKS + 1, (n) => NOW - n)));
    expect([position.since.time, position.marks.size]).toEqual([NOW - MAX_MARKS, MAX_MARKS]);
  });

  test('are not read again and again: a look begins where the last one ended, and a whole one follows', () => {
    const alerts = rows(400, (n) => NOW - 400 + n);
    const wanted = { ...ALL, limit: 100 };
    const look = (position: Position) => {
      const { since } = queryOf(position, wanted);
      return take(position, whole(alerts.filter((_, n) => NOW - 400 + n >= since)), wanted);
    };
    const two = look(look(at(NOW - LATE)).position);
    expect([two.position.from, two.hasMore]).toEqual([NOW - LATE, true]);
    const three = look(two.position);
    expect([three.position.from, three.hasMore]).toEqual([NOW - 101, true]);
    const four = look(three.position);
    expect([four.alerts.length, four.position.from, four.hasMore]).toEqual([100, NOW - LATE, true]);
    const five = look(four.position);
    expect([five.alerts.length, five.position, five.hasMore]).toEqual([0, four.position, false]);
  });

  test('that are still to come do not move the beginning of the next look', () => {
    const alerts = [...rows(300, () => NOW + 1), alertAt(NOW - 1, 'now')];
    const { position } = take(at(NOW - 5), whole(alerts), { ...ALL, limit: 250 });
    expect(position.from).toBe(NOW - 1);
  });
});
