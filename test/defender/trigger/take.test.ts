import { describe, expect, test } from 'vitest';
import {
  type Position,
  positionAfter,
  positionBefore,
  queryOf,
  sinceOf,
  take,
} from '../../../src/defender/trigger/position.ts';
import type { TriggerAlert } from '../../../src/defender/trigger/trigger_alert.ts';

const NOW = 1_767_600_000_000;
const LATE = 600_000;
const ALL = { limit: 20, minSeverity: undefined } as const;

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
const at = (high: number, seen: readonly string[] = []): Position => ({ high, seen: new Set(seen) });
const whole = (...alerts: readonly TriggerAlert[]) => ({ alerts, complete: true });
const part = (...alerts: readonly TriggerAlert[]) => ({ alerts, complete: false });
/** The mark of an alert, as a cursor keeps it. */
const markOf = (id: string): string => [...positionAfter([alertAt(NOW, id)], NOW).seen].join();

describe('where a reader looks', () => {
  test('is ten minutes before the newest that it has passed, and never before the beginning of time', () => {
    expect(sinceOf(at(NOW))).toBe(NOW - LATE);
    expect(sinceOf(at(LATE))).toBe(0);
    expect(sinceOf(at(5))).toBe(0);
  });

  test('reaches as far as what it has passed and what it wants; further where it wants only severe ones', () => {
    const position = at(NOW, ['a', 'b', 'c']);
    expect(queryOf(position, ALL)).toEqual({ since: NOW - LATE, count: 23 });
    expect(queryOf(position, { limit: 7, minSeverity: 'high' })).toEqual({ since: NOW - LATE, count: 410 });
  });
});

describe('a reader begins', () => {
  test('at the newest alert whose time has come', () => {
    const latest = [alertAt(NOW - 9, 'a'), alertAt(NOW - 3, 'b'), alertAt(NOW + 1, 'c')];
    expect(positionBefore(latest, NOW)).toEqual(at(NOW - 3));
    expect(positionBefore([...latest, alertAt(NOW, 'd')], NOW)).toEqual(at(NOW));
  });

  test.each([
    ['no alert', []],
    ['one ahead of now', [alertAt(NOW + 1, 'a')]],
    ['one without a time', [alertAt(undefined, 'a')]],
  ])('now where there is %s', (_what, latest) => {
    expect(positionBefore(latest, NOW)).toEqual(at(NOW));
  });

  test('behind what it is told to take for old', () => {
    const { high, seen } = positionAfter([alertAt(NOW - 9, 'a'), alertAt(NOW - 3, 'b')], NOW);
    expect(high).toBe(NOW - 3);
    expect(seen).toEqual(new Set([markOf('a'), markOf('b')]));
    expect(positionAfter([], NOW)).toEqual(at(0));
    expect(positionAfter([], NOW, 77)).toEqual(at(77));
    expect(positionAfter([alertAt(70, 'a')], NOW, 77).high).toBe(77);
  });

  test('and keeps marks of the last ten minutes alone, their first moment included', () => {
    const alerts = [alertAt(NOW - LATE - 1, 'old'), alertAt(NOW - LATE, 'edge'), alertAt(NOW, 'new')];
    expect(positionAfter(alerts, NOW)).toEqual(at(NOW, [markOf('edge'), markOf('new')]));
  });
});

test('a mark is the beginning of a hash, the same in every process', () => {
  expect(markOf('a')).toBe('ca978112ca');
});

describe('what a reader is given', () => {
  test('is new, oldest first, and by id where times are the same', () => {
    const page = whole(alertAt(NOW, 'c'), alertAt(NOW - 1, 'd'), alertAt(NOW, 'a'), alertAt(NOW, 'b'));
    const { alerts, hasMore } = take(at(NOW - 5), page, ALL, NOW);
    expect(idsOf(alerts)).toEqual(['d', 'a', 'b', 'c']);
    expect(hasMore).toBe(false);
    const reversed = whole(...page.alerts.toReversed());
    expect(idsOf(take(at(NOW - 5), reversed, ALL, NOW).alerts)).toEqual(['d', 'a', 'b', 'c']);
  });

  test('was not passed before, and is no more than ten minutes late', () => {
    const page = whole(
      alertAt(NOW - LATE - 1, 'too late'),
      alertAt(NOW - LATE, 'late'),
      alertAt(NOW - 4, 'passed'),
      alertAt(undefined, 'timeless'),
    );
    expect(idsOf(take(at(NOW, [markOf('passed')]), page, ALL, NOW).alerts)).toEqual(['late']);
  });

  test('is severe enough', () => {
    const page = whole(alertAt(NOW, 'a', 'Low'), alertAt(NOW, 'b', 'High'), alertAt(NOW, 'c', 'Medium'));
    expect(idsOf(take(at(NOW), page, { limit: 9, minSeverity: 'medium' }, NOW).alerts)).toEqual(['b', 'c']);
  });

  test('is no more than it wants, and it hears that there are more', () => {
    const page = whole(alertAt(NOW, 'a'), alertAt(NOW, 'b'), alertAt(NOW, 'c'));
    const two = take(at(NOW), page, { ...ALL, limit: 2 }, NOW);
    expect(idsOf(two.alerts)).toEqual(['a', 'b']);
    expect(two.hasMore).toBe(true);
    expect(take(at(NOW), page, { ...ALL, limit: 3 }, NOW).hasMore).toBe(false);
  });

  test('leaves more to come where the page was not all', () => {
    expect(take(at(NOW), part(alertAt(NOW, 'a')), ALL, NOW).hasMore).toBe(true);
  });
});

describe('what a reader has passed', () => {
  test('is what it was given, and what it did not want in between; not what is still to come', () => {
    const page = whole(
      alertAt(NOW - 9, 'low1'),
      alertAt(NOW - 8, 'high1', 'High'),
      alertAt(NOW - 7, 'low2'),
      alertAt(NOW - 6, 'high2', 'High'),
      alertAt(NOW - 5, 'low3'),
    );
    const first = take(at(NOW - 20), page, { limit: 1, minSeverity: 'high' }, NOW);
    expect(idsOf(first.alerts)).toEqual(['high1']);
    expect(first.position).toEqual(at(NOW - 7, ['low1', 'high1', 'low2'].map(markOf)));
    const second = take(first.position, page, { limit: 1, minSeverity: 'high' }, NOW);
    expect(idsOf(second.alerts)).toEqual(['high2']);
    expect(second.position.high).toBe(NOW - 5);
    expect(second.position.seen.size).toBe(5);
  });

  test('never goes back in time', () => {
    expect(take(at(NOW), whole(alertAt(NOW - 5, 'late')), ALL, NOW).position.high).toBe(NOW);
  });

  test('reaches no further than now, whatever time an alert bears', () => {
    const { position } = take(at(NOW - 5), whole(alertAt(NOW + LATE, 'ahead')), ALL, NOW);
    expect(position).toEqual(at(NOW, [markOf('ahead')]));
  });

  test('is forgotten when it is older than ten minutes, and not at their first moment', () => {
    const page = whole(alertAt(NOW - LATE - 1, 'old'), alertAt(NOW - LATE, 'edge'), alertAt(NOW, 'new'));
    const before = at(NOW - 2, [markOf('old'), markOf('edge')]);
    expect(take(before, page, ALL, NOW).position).toEqual(at(NOW, [markOf('edge'), markOf('new')]));
  });

  test('is forgotten when it is gone, but only where the whole page was seen', () => {
    const before = at(NOW - 5, [markOf('gone'), markOf('there')]);
    const [there, fresh] = [alertAt(NOW - 5, 'there'), alertAt(NOW, 'new')];
    expect(take(before, whole(there, fresh), ALL, NOW).position.seen).toEqual(new Set(['there', 'new'].map(markOf)));
    expect(take(before, part(there, fresh), ALL, NOW).position.seen).toEqual(
      new Set(['gone', 'there', 'new'].map(markOf)),
    );
  });

  test('is not marked where it is old already', () => {
    const page = whole(alertAt(NOW - 2 * LATE, 'old'), alertAt(NOW, 'new'));
    const { alerts, position } = take(at(NOW - 2 * LATE), page, ALL, NOW);
    expect(idsOf(alerts)).toEqual(['old', 'new']);
    expect(position).toEqual(at(NOW, [markOf('new')]));
  });
});
