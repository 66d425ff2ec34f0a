import { expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';

const COUNT = 'mdca_count_alerts';
const SEVERITIES = ['low', 'medium', 'high', 'informational'];
const STATUSES = ['open', 'dismissed', 'resolved', 'false_positive', 'benign', 'true_positive'];
const DAY = 86_400_000;

type Alert = Fixture['emulator']['state']['alerts'][number];
type Key = (alert: Alert) => string;

const KEYS: Readonly<Record<string, Key>> = {
  severity: ({ severityValue }) => SEVERITIES[severityValue] ?? '',
  status: ({ resolutionStatusValue }) => STATUSES[resolutionStatusValue] ?? '',
  policy: ({ policy }) => String(policy.id),
};

const isOpen = ({ resolutionStatusValue }: Alert) => resolutionStatusValue === 0;

/** Counted by hand: how many, and how many of them open. */
function countsOf(alerts: readonly Alert[], key: Key): Record<string, [number, number]> {
  const keys = [...new Set(alerts.map(key))];
  return Object.fromEntries(
    keys.map((each) => {
      const found = alerts.filter((alert) => key(alert) === each);
      return [each, [found.length, found.filter(isOpen).length]];
    }),
  );
}

interface Counts {
  counts: { key: string; alerts: number; open?: number; is_floor?: boolean }[];
  total: number;
  is_floor?: boolean;
}

async function count({ call }: Fixture, args: object): Promise<Counts> {
  const result = await call(COUNT, { ...args });
  expect(result.isError, textOf(result)).toBeFalsy();
  return result.structuredContent as unknown as Counts;
}

test.each(Object.entries(KEYS))('by %s, the numbers are those of a scan, of all times and of a range', (by, key) =>
  withFixture(async (fixture) => {
    const { alerts } = fixture.emulator.state;
    const now = Date.now();
    for (const [since, until] of [
      [0, now],
      [now - 7 * DAY, now],
      [now - 20 * DAY, now - 2 * DAY],
      [now, now],
    ] as const) {
      const within = alerts.filter(({ timestamp }) => timestamp >= since && timestamp <= until);
      const times = since === 0 ? {} : { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
      const { counts, total, is_floor } = await count(fixture, { by, ...times });
      const expected = countsOf(within, key);
      const found = counts.map(({ key: each, alerts: all, open = expected[each]?.[1] ?? 0 }) => [each, [all, open]]);
      expect(Object.fromEntries(found)).toEqual(expected);
      expect([total, is_floor]).toEqual([within.length, undefined]);
    }
  }),
);

const page = { sortField: 'date', sortDirection: 'desc', skip: 0 };

test('the requests are the documented ones, and bring one alert each', () =>
  withFixture(async (fixture) => {
    const date = { gte: Date.parse('2026-01-01'), lte: Date.parse('2026-01-31T08:00Z') };
    const args = { since: '2026-01-01', until: '2026-01-31T08:00' };
    const bodiesBy = async (by: string) => {
      fixture.emulator.requests.length = 0;
      await count(fixture, { by, ...args });
      return fixture.emulator.requests.map(({ path, body }) => [path, body]);
    };
    const requestOf = (filters: object, limit = 1) => [
      '/api/v1/alerts/',
      { ...page, filters: { ...filters, date }, limit },
    ];
    expect(await bodiesBy('status')).toEqual([
      ...STATUSES.map((word, n) =>
        requestOf(word === 'open' ? { alertOpen: { eq: true } } : { resolutionStatus: { eq: n } }),
      ),
      requestOf({}),
    ]);
    expect(await bodiesBy('policy')).toEqual([requestOf({}, 100)]);
    expect(await bodiesBy('severity')).toEqual([
      ...SEVERITIES.flatMap((_, n) => [
        requestOf({ severity: { eq: [n] } }),
        requestOf({ alertOpen: { eq: true }, severity: { eq: [n] } }),
      ]),
      requestOf({}),
    ]);
  }));

test('where the service counts only so far, each number is called a floor', () =>
  withFixture(
    async (fixture) => {
      const { counts, is_floor } = await count(fixture, { by: 'severity' });
      const { alerts } = fixture.emulator.state;
      for (const { key, alerts: least, is_floor: isFloor } of counts) {
        const all = alerts.filter((alert) => KEYS.severity?.(alert) === key).length;
        expect([least, isFloor]).toEqual(all > 3 ? [3, true] : [all, undefined]);
      }
      expect(is_floor).toBe(true);
    },
    { emulator: { totalUpTo: 3 } },
  ));

test.each([
  ['severity', 'severity'],
  ['status', 'resolutionStatus'],
])('by %s, where the service ignores %s, no number is called exact that is not', (by, ignored) =>
  withFixture(
    async (fixture) => {
      const { counts } = await count(fixture, { by });
      const expected = countsOf(fixture.emulator.state.alerts, KEYS[by] ?? (() => ''));
      for (const { key, alerts, is_floor } of counts) {
        const [all = 0] = expected[key] ?? [];
        expect(is_floor ? all >= alerts : all === alerts, `${key} ${alerts} of ${all}`).toBe(true);
      }
    },
    { emulator: { ignoredFilters: [ignored] } },
  ),
);
