import { afterEach, describe, expect, test, vi } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { type Fixture, textOf, tools, withFixture } from '../fixture.ts';
import { type Args, argsFor } from '../samples.ts';

afterEach(() => vi.unstubAllEnvs());

/** Nothing waits for the budget. */
const QUICK = { environment: { MDCA_CALLS_PER_MINUTE: '1000000' } };
const ZONES = ['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Chatham'];
const DAY = 86_400_000;
/** Half past two of this night does not exist in New York. */
const MOMENT = Date.UTC(2026, 2, 8, 2, 30);

/** The same moment in every form. */
const FORMS: readonly unknown[] = [
  ...['2026-03-08T02:30:00Z', '2026-03-08T02:30:00', '2026-03-08T02:30', '2026-03-08 02:30', ' 2026-03-08T02:30Z '],
  ...['2026-03-08T03:30:00+01:00', '2026-03-07T21:30-05:00', '2026-03-08T15:15:00.000+12:45'],
  ...[String(MOMENT), MOMENT],
];
const WRONG: readonly unknown[] = [
  ...[
    '2026-02-30',
    '2026-02-30T10:00Z',
    '2026-13-01',
    '2026-03-08T25:00',
    'yesterday-ish',
    'yesterday',
    'now',
    'today',
    '30 Feb 2026 08:00 GMT',
    '2026-02-30 08:00 GMT',
    '01/02/2026 08:00',
    'about 3 08:00',
    'last week 1 08:00',
  ],
  ...['', ' ', '24', '24x', '-24h', '1.5h', '1h30m', 'last 24h', '1772937000', 1_772_937_000, -5, true, [], {}],
];

/** The arguments of a tool that are bounds of time. */
const boundsOf = ({ input }: Tool) => Object.keys(input.shape).filter((name) => /(?:^|_)(?:since|until)$/u.test(name));
const BOUNDS = tools.flatMap((tool) => boundsOf(tool).map((name) => [tool.name, name] as const));
const RANGES = tools.filter((tool) => boundsOf(tool).length > 1).map(({ name }) => name);

/** The arguments that the tool needs, without bounds of its own. */
function neededBy(name: string): Args {
  return Object.fromEntries(Object.entries(argsFor(name)).filter(([argument]) => !/since$|until$/u.test(argument)));
}

type Filters = Record<string, Record<string, unknown>>;

function filtersOf(request: Emulator['requests'][number] | undefined): Filters {
  const { filters = {} }: { filters?: Filters } = JSON.parse(request?.rawBody ?? '{}');
  return filters;
}

/** The bound that the first request of a call has. */
async function boundOf({ call, emulator }: Fixture, name: string, argument: string, value: unknown): Promise<unknown> {
  emulator.requests.length = 0;
  const result = await call(name, { ...neededBy(name), [argument]: value });
  expect(result.isError, textOf(result)).toBeFalsy();
  const filters = filtersOf(emulator.requests[0]);
  const [operator, field] = [
    argument === 'until' ? 'lte' : 'gte',
    argument.includes('modified') ? 'modifiedDate' : 'date',
  ];
  expect(Object.keys(filters[field] ?? {})).toEqual([operator]);
  return filters[field]?.[operator];
}

test('tools are known by their arguments to take times', () => {
  expect(RANGES).toEqual(expect.arrayContaining(['mdca_get_activities', 'mdca_list_alerts', 'mdca_count_alerts']));
  expect(BOUNDS).toContainEqual(['mdca_list_files', 'modified_since']);
});

describe.each(BOUNDS)('%s, %s', (name, argument) => {
  test('is the same moment in every form and in every zone of the machine', () =>
    withFixture(async (fixture) => {
      for (const zone of ZONES) {
        vi.stubEnv('TZ', zone);
        for (const form of FORMS) {
          expect(await boundOf(fixture, name, argument, form), `${form} with TZ=${zone}`).toBe(MOMENT);
        }
        expect(await boundOf(fixture, name, argument, '2026-03-08')).toBe(Date.UTC(2026, 2, 8));
      }
    }, QUICK));

  test('is as far back from now as a span says, in every zone of the machine', () =>
    withFixture(async (fixture) => {
      for (const zone of ZONES) {
        vi.stubEnv('TZ', zone);
        for (const [span, ms] of [
          ['24h', DAY],
          ['90m', DAY / 16],
          ['7d', 7 * DAY],
          ['0m', 0],
          [' 24 h ', DAY],
        ] as const) {
          const before = Date.now();
          const bound = Number(await boundOf(fixture, name, argument, span));
          expect(bound, `${span} with TZ=${zone}`).toBeGreaterThanOrEqual(before - ms);
          expect(bound, `${span} with TZ=${zone}`).toBeLessThanOrEqual(Date.now() - ms);
        }
      }
    }, QUICK));

  test('is refused with no call made if it is no time', () =>
    withFixture(async ({ call, emulator }) => {
      for (const value of WRONG) {
        const text = textOf(await call(name, { ...neededBy(name), [argument]: value }));
        expect(text, JSON.stringify(value)).toMatch(new RegExp(`^invalid_input: ${argument}: `, 'u'));
      }
      expect(emulator.requests).toEqual([]);
    }));
});

test.each(RANGES)('%s refuses since after until, however they are written, and takes the two as one', (name) =>
  withFixture(async ({ call, emulator }) => {
    const later = [
      ['2026-03-08T02:31', '2026-03-08T02:30'],
      ['2026-03-08T02:30', '2026-03-08T03:30+02:00'],
      [String(MOMENT + 1), '2026-03-08T02:30Z'],
      ['1h', '2h'],
      ['2099-01-01', '0m'],
    ];
    for (const [since, until] of later) {
      const text = textOf(await call(name, { ...neededBy(name), since, until }));
      expect(text, `${since} ${until}`).toMatch(/^invalid_input: since is later than until.*swap them/u);
    }
    expect(emulator.requests).toEqual([]);
    const equal = await call(name, { ...neededBy(name), since: '2026-03-08T02:30', until: MOMENT });
    expect(equal.isError).toBeFalsy();
    expect(emulator.requests[0]?.body).toMatchObject({ filters: { date: { gte: MOMENT, lte: MOMENT } } });
  }),
);

test('a span stays where the first call of a list has put it', () =>
  withFixture(async ({ call, emulator }) => {
    for (const [name, argument] of BOUNDS.filter(([, bound]) => bound !== 'until')) {
      if (name === 'mdca_count_alerts') continue;
      const args = { ...neededBy(name), [argument]: '20d', limit: 1 };
      const { cursor, has_more } = (await call(name, args)).structuredContent ?? {};
      expect(has_more, name).toBe(true);
      emulator.requests.length = 0;
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + DAY });
      await call(name, { ...args, cursor }).finally(() => vi.useRealTimers());
      const [gte] = Object.values(filtersOf(emulator.requests[0])).flatMap((tests) => tests.gte ?? []);
      expect(gte, name).toBeLessThan(Date.now() - 20 * DAY);
    }
  }));

describe('activities that the service does not search, being too old', () => {
  const USER = '9e6f4bda-0812-4274-a2f4-2a10b3a56faf';
  const UPN = 'avery.example@contoso.com';
  const MISSING = /older than 30 days may be missing/u;

  test.each([
    ['mdca_get_activities', { user_id: USER, since: '60d' }, MISSING],
    ['mdca_get_activities', { user_id: USER, since: '40d', until: '38d' }, MISSING],
    ['mdca_get_activities', { user_id: UPN, until: '31d' }, MISSING],
    ['mdca_list_activities', { ip: '192.0.2.17', since: '60d', until: '50d' }, MISSING],
    ['mdca_list_activities', { device_type: 'DESKTOP', since: '40d', until: '38d' }, MISSING],
    ['mdca_list_activities', { user: UPN, since: '200d', until: '195d' }, /for 180 days/u],
    ['mdca_get_activities', { user_id: UPN, since: '40d', until: '38d' }, undefined],
    ['mdca_list_activities', { ip: '192.0.2.17', country: 'IE', since: '40d', until: '33d' }, undefined],
    ['mdca_list_activities', { user: USER, since: '29d' }, undefined],
    ['mdca_get_activities', { user_id: USER }, undefined],
  ])('%s %j says so, as text and as value, where it matters', (name, args, expected) =>
    withFixture(async ({ call, emulator }) => {
      emulator.state.activities.length = 0;
      const result = await call(name, args);
      const { note } = result.structuredContent ?? {};
      if (expected === undefined) return expect(note).toBeUndefined();
      expect(note).toMatch(expected);
      expect(textOf(result)).toContain(String(note));
    }),
  );

  test('an alert that is too old for its activities says so too', () =>
    withFixture(async ({ call, emulator: { state } }) => {
      const [alert] = state.alerts;
      state.activities.length = 0;
      const read = () => call('mdca_get_alert', { alert_id: alert?._id });
      expect((await read()).structuredContent?.found_by).toBe('nothing');
      Object.assign(alert ?? {}, { timestamp: Date.now() - 45 * DAY });
      const result = await read();
      expect(result.structuredContent?.found_by).toBe('too_old');
      expect(textOf(result)).toMatch(/older than 30 days/u);
    }));
});
