import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';
import { writesOf } from '../writes/writing.ts';

const CLOSE = [
  ['mdca_close_alert_benign', 'close_benign', 4],
  ['mdca_close_alert_false_positive', 'close_false_positive', 3],
  ['mdca_close_alert_true_positive', 'close_true_positive', 5],
  ['mdca_dismiss_alert', 'dismiss_bulk', 3],
  ['mdca_resolve_alert', 'resolve', 5],
] as const;
const BENIGN = 'mdca_close_alert_benign';
/** Statuses after which the service may have carried a write out all the same. */
const UNCLEAR = [302, 304, 400, 405, 408, 409, 413, 422, 499];
const UNKNOWN_ID = 'f'.repeat(24);

/** Ids of open alerts in the emulated tenant; copies of the first are added where there are too few. */
function openIds({ emulator }: Fixture, count: number): string[] {
  const open = emulator.state.alerts.filter((alert) => alert.resolutionStatusValue === 0);
  for (let n = open.length; n < count; n++) {
    const copy = { ...structuredClone(open[0]), _id: n.toString(16).padStart(24, 'c') };
    open.push(copy as (typeof open)[0]);
    emulator.state.alerts.push(copy as (typeof open)[0]);
  }
  return open.slice(0, count).map(({ _id }) => _id);
}

const statusOf = ({ emulator }: Fixture, id: string | undefined) =>
  emulator.state.alerts.find(({ _id }) => _id === id)?.resolutionStatusValue;
const callsOf = ({ emulator }: Fixture) => emulator.requests.map(({ method, path }) => `${method} ${path}`);
/** Lets this many reads pass, so that the next fault hits the one after them. */
const passing = (times = 1) => ({ kind: 'slow', delayMs: 0, effect: 'read', times }) as const;

describe.each(CLOSE)('%s', (name, route, becomes) => {
  test('plans by one read, closes in one call with the ids, the comment and nothing else, and reads back', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 2);
      const result = await fixture.call(name, { alert_ids: ids, comment: 'expected' });
      expect(result.structuredContent).toMatchObject({ status: 'closed', closed: 2, closed_ids: ids, not_found: [] });
      const read = 'POST /api/v1/alerts/';
      expect(callsOf(fixture)).toEqual([read, `POST /api/v1/alerts/${route}/`, read]);
      expect(writesOf(fixture)[0]?.body).toEqual({ filters: { id: { eq: ids } }, comment: 'expected' });
      expect(ids.map((id) => statusOf(fixture, id))).toEqual([becomes, becomes]);
    }));

  test('fewer closed than asked: names what was closed before and what was not found', () =>
    withFixture(async (fixture) => {
      const [fresh = '', before = ''] = openIds(fixture, 2);
      await fixture.call(name, { alert_ids: [before] });
      fixture.emulator.requests.length = 0;
      const result = await fixture.call(name, { alert_ids: [before, UNKNOWN_ID, fresh] });
      expect(result.structuredContent).toMatchObject({
        status: 'partial',
        closed: 1,
        closed_ids: [fresh],
        already_closed: [before],
        not_found: [UNKNOWN_ID],
        not_closed: [],
        unknown: [],
      });
      expect(fixture.emulator.requests).toHaveLength(3);
    }));

  test.each([
    ['reset', {}],
    ['hang', {}],
    ['html', { status: 502 }],
    ['garbage', {}],
    ['empty', {}],
  ] as const)('%s after it took place: sent once, read back, reported closed', (kind, more) =>
    withFixture(
      async (fixture) => {
        const ids = openIds(fixture, 2);
        fixture.emulator.fault({ kind, ...more, applied: true, path: route });
        const result = await fixture.call(name, { alert_ids: ids });
        expect(result.structuredContent).toMatchObject({ status: 'closed', closed_ids: ids });
        expect(textOf(result)).toContain('not repeated');
        expect(writesOf(fixture)).toHaveLength(1);
      },
      { environment: { MDCA_REQUEST_TIMEOUT_SECONDS: '1' } },
    ),
  );

  test('a reset before it took place: sent once, reported as still open', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 2);
      fixture.emulator.fault({ kind: 'reset', path: route });
      const result = await fixture.call(name, { alert_ids: ids });
      expect(result.structuredContent).toMatchObject({ status: 'unchanged', closed: 0, not_closed: ids });
      expect(writesOf(fixture)).toHaveLength(1);
    }));

  test.each(UNCLEAR)('HTTP %i after it took place: sent once, read back, reported closed', (status) =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 2);
      fixture.emulator.fault({ kind: 'status', status, body: '', applied: true, path: route });
      const result = await fixture.call(name, { alert_ids: ids });
      expect(result.structuredContent).toMatchObject({ status: 'closed', closed_ids: ids });
      expect(textOf(result)).toContain(`HTTP ${status}. It was not repeated`);
      expect(writesOf(fixture)).toHaveLength(1);
    }),
  );

  test.each(UNCLEAR)('HTTP %i before it took place: sent once, read back, an error that says so', (status) =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 2);
      fixture.emulator.fault({ kind: 'status', status, body: '', path: route });
      const result = await fixture.call(name, { alert_ids: ids });
      expect(textOf(result)).toMatch(/^(rejected|route_refused|conflict|redirected): /);
      expect(textOf(result)).toContain('It was not repeated, and reading afterwards shows no change.');
      expect(callsOf(fixture).slice(1)).toEqual([`POST /api/v1/alerts/${route}/`, 'POST /api/v1/alerts/']);
      expect(ids.map((id) => statusOf(fixture, id))).toEqual([0, 0]);
    }),
  );

  test.each([401, 403])('HTTP %i changed nothing, so nothing is read back', (status) =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'status', status, path: route });
      const result = await fixture.call(name, { alert_ids: openIds(fixture, 2) });
      expect(textOf(result)).toMatch(/^(unauthorized|forbidden): /);
      expect(fixture.emulator.requests).toHaveLength(2);
    }),
  );

  test('an unknown outcome that cannot be read back is an error that says so', () =>
    withFixture(async (fixture) => {
      fixture.emulator.fault(passing());
      fixture.emulator.fault({ kind: 'status', status: 500, times: 0 });
      const result = await fixture.call(name, { alert_ids: openIds(fixture, 1) });
      expect(result.isError).toBe(true);
      expect(textOf(result)).toMatch(/^service_error: .*reading the state back failed/);
      expect(textOf(result)).toContain('Retry: read the present state first');
    }));
});

test.each([
  [
    'mdca_close_alert_benign',
    { actual_severity_is_lower: 2, other: 4, confirmed_with_end_user: 5, triggered_by_test: 6 },
  ],
  [
    'mdca_close_alert_false_positive',
    { not_of_interest: 0, too_many_similar_alerts: 1, alert_is_not_accurate: 3, other: 4 },
  ],
] as const)('%s sends its reasons as the numbers of the API', (name, reasons) =>
  withFixture(async (fixture) => {
    for (const [reason, reasonId] of Object.entries(reasons)) {
      await fixture.call(name, { alert_ids: openIds(fixture, 1), reason });
      expect(writesOf(fixture).at(-1)?.body).toMatchObject({ reasonId });
    }
    const wrong = await fixture.call(name, { alert_ids: [UNKNOWN_ID], reason: 'because' });
    expect(textOf(wrong)).toMatch(/^invalid_input: reason: /);
  }),
);

describe('many alerts', () => {
  test('250 go out as three calls; duplicates and upper case count once', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 250);
      const result = await fixture.call(BENIGN, { alert_ids: [...ids, ...ids.map((id) => id.toUpperCase())] });
      expect(result.structuredContent).toMatchObject({ status: 'closed', closed: 250 });
      const sent = writesOf(fixture).map(({ body }) => (body as { filters: { id: { eq: string[] } } }).filters.id.eq);
      expect(sent.map((chunk) => chunk.length)).toEqual([100, 100, 50]);
      expect(sent.flat()).toEqual(ids);
    }));

  test('the second call is refused: says what is closed and what is not, and stops', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 250);
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'close_benign' });
      fixture.emulator.fault({ kind: 'status', status: 403, path: 'close_benign' });
      const result = await fixture.call(BENIGN, { alert_ids: ids });
      expect(result.isError).toBeFalsy();
      expect(result.structuredContent).toMatchObject({
        status: 'partial',
        closed_ids: ids.slice(0, 100),
        not_closed: ids.slice(100),
        unknown: [],
      });
      expect(textOf(result)).toMatch(/^WARNING: forbidden: /);
      expect(writesOf(fixture)).toHaveLength(2);
    }));

  test('the second call is lost and cannot be read back: its alerts are unknown, the rest not tried', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 250);
      fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'close_benign' });
      fixture.emulator.fault({ kind: 'reset', path: 'close_benign' });
      // Three reads of the plan, one read-back, and one re-check before the second call.
      fixture.emulator.fault(passing(5));
      fixture.emulator.fault({ kind: 'status', status: 500, times: 0, effect: 'read' });
      const result = await fixture.call(BENIGN, { alert_ids: ids });
      expect(result.structuredContent).toMatchObject({
        status: 'partial',
        closed_ids: ids.slice(0, 100),
        unknown: ids.slice(100, 200),
        not_closed: ids.slice(200),
      });
      expect(writesOf(fixture)).toHaveLength(2);
    }));
});

test('some of the alerts closed before a refusal: the lists tell which', () =>
  withFixture(async (fixture) => {
    const ids = openIds(fixture, 2);
    fixture.emulator.fault({ kind: 'status', status: 400, path: 'close_benign' });
    fixture.emulator.fault(passing());
    const body = { data: ids.map((_id, n) => ({ _id, resolutionStatusValue: n === 0 ? 4 : 0 })), hasNext: false };
    fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(body), effect: 'read' });
    const result = await fixture.call(BENIGN, { alert_ids: ids });
    expect(result.structuredContent).toMatchObject({ status: 'partial', closed_ids: [ids[0]], not_closed: [ids[1]] });
    expect(textOf(result)).toMatch(
      /^WARNING: rejected: The service answered HTTP 400\. It was not repeated; the lists/,
    );
  }));

test('the second of three calls is refused: it is read back, and the third is not sent', () =>
  withFixture(async (fixture) => {
    const ids = openIds(fixture, 250);
    fixture.emulator.fault({ kind: 'slow', delayMs: 0, path: 'close_benign' });
    fixture.emulator.fault({ kind: 'status', status: 422, path: 'close_benign' });
    const result = await fixture.call(BENIGN, { alert_ids: ids });
    expect(result.structuredContent).toMatchObject({ status: 'partial', closed: 100, not_closed: ids.slice(100) });
    expect(writesOf(fixture)).toHaveLength(2);
    expect(callsOf(fixture).at(-1)).toBe('POST /api/v1/alerts/');
  }));

test('more closed than asked is reported as unexpected, and nothing more is sent', () =>
  withFixture(async (fixture) => {
    fixture.emulator.fault({ kind: 'status', status: 200, body: '{"closed_benign": 4711}', path: 'close_benign' });
    const result = await fixture.call(BENIGN, { alert_ids: openIds(fixture, 150) });
    expect(result.structuredContent).toMatchObject({ status: 'unexpected' });
    expect(textOf(result)).toMatch(/^WARNING: The service says it closed 4711 alerts/);
    expect(writesOf(fixture)).toHaveLength(1);
  }));

test('a read-back that ignores its filter proves nothing: the ids are unknown, not missing', () =>
  withFixture(async (fixture) => {
    const [id = ''] = openIds(fixture, 1);
    const other = JSON.stringify({ data: [{ _id: 'e'.repeat(24), resolutionStatusValue: 4 }], hasNext: false });
    fixture.emulator.fault({ kind: 'status', status: 200, body: '{"closed_benign":0}', path: 'close_benign' });
    fixture.emulator.fault(passing());
    fixture.emulator.fault({ kind: 'status', status: 200, body: other, effect: 'read' });
    const result = await fixture.call(BENIGN, { alert_ids: [id] });
    expect(result.structuredContent).toMatchObject({ status: 'unknown', unknown: [id], not_found: [] });
    expect(textOf(result)).toMatch(/^WARNING: The service says it closed 0, but reading them back failed \(unreadable/);
  }));

describe('a reply and a read-back that do not agree', () => {
  const reply = (body: object) =>
    ({ kind: 'status', status: 200, body: JSON.stringify(body), path: 'close_benign' }) as const;

  test('an unnamed alert closed in place of one that was not found is reported as unexpected', () =>
    withFixture(async (fixture) => {
      const [id = ''] = openIds(fixture, 1);
      fixture.emulator.fault({ ...reply({ closed_benign: 2, alertsNotFound: [UNKNOWN_ID] }), applied: true });
      const result = await fixture.call(BENIGN, { alert_ids: [id, UNKNOWN_ID] });
      expect(result.structuredContent).toMatchObject({
        status: 'unexpected',
        closed_ids: [id],
        not_found: [UNKNOWN_ID],
      });
      expect(textOf(result)).toMatch(/^WARNING: The service says it closed 2 alerts, but 1 of the named/);
    }));

  test('alerts that the reply calls closed and the read-back finds open are reported as unexpected', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 3);
      fixture.emulator.fault(reply({ closed_benign: 2 }));
      const result = await fixture.call(BENIGN, { alert_ids: ids });
      expect(result.structuredContent).toMatchObject({ status: 'unexpected', closed: 0, not_closed: ids });
    }));

  test.each([
    ['an unreadable record', { data: [{ title: 'no id' }] }],
    ['a page that ends too early', { data: [], hasNext: true }],
  ])('%s in the read-back does not prove that an alert is missing', (_what, page) =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 2);
      fixture.emulator.fault(reply({ closed_benign: 1 }));
      fixture.emulator.fault(passing());
      fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(page), times: 0, effect: 'read' });
      const result = await fixture.call(BENIGN, { alert_ids: ids });
      expect(result.structuredContent).toMatchObject({ status: 'unknown', not_found: [], unknown: ids });
    }),
  );

  test('a tenant with small pages is read to the end', () =>
    withFixture(async (fixture) => {
      const ids = openIds(fixture, 5);
      await fixture.call('mdca_close_alert_true_positive', { alert_ids: ids });
      const page = (from: number) => ({
        data: ids.slice(from, from + 1).map((_id) => ({ _id, resolutionStatusValue: 5 })),
        hasNext: from < 4,
      });
      fixture.emulator.fault(reply({ closed_benign: 0, alertsNotFound: ids }));
      for (let from = 0; from < 5; from++) {
        fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(page(from)), path: '/alerts/' });
      }
      expect((await fixture.call(BENIGN, { alert_ids: ids })).structuredContent).toMatchObject({ already_closed: ids });
    }));

  test('an API that answers 404 for alerts it does not find is read like one that lists them', () =>
    withFixture(async (fixture) => {
      const [id = ''] = openIds(fixture, 1);
      fixture.emulator.fault({ kind: 'status', status: 404, path: 'close_benign' });
      const result = await fixture.call(BENIGN, { alert_ids: [id, UNKNOWN_ID] });
      expect(result.structuredContent).toMatchObject({ not_closed: [id], not_found: [UNKNOWN_ID] });
    }));
});

describe('no close without ids', () => {
  const refused = [
    [],
    [''],
    ['x'],
    {},
    null,
    undefined,
    'a'.repeat(23),
    `${'a'.repeat(24)},`,
    `${'a'.repeat(24)} ${'b'.repeat(24)}`,
    ['a'.repeat(23)],
    ['a'.repeat(25)],
    [null],
    [[]],
    5,
  ];

  test.each(CLOSE)('%s refuses anything but a list of ids, and calls nothing', (name) =>
    withFixture(async (fixture) => {
      for (const alert_ids of refused) {
        const result = await fixture.call(name, alert_ids === undefined ? {} : { alert_ids });
        expect(textOf(result), JSON.stringify(alert_ids)).toMatch(/^invalid_input: alert_ids/);
      }
      expect(fixture.emulator.requests).toEqual([]);
    }),
  );

  test('whatever the arguments, every close that leaves names 1 to 100 alerts', () =>
    withFixture(
      async (fixture) => {
        const id = fc.oneof(hex24, fc.string(), fc.jsonValue());
        const args = fc.oneof(
          fc.record(
            { alert_ids: fc.oneof(fc.array(id, { maxLength: 4 }), fc.jsonValue()), comment: fc.jsonValue() },
            { requiredKeys: [] },
          ),
          fc.dictionary(
            fc.oneof(fc.constantFrom('alert_ids', 'filters', '__proto__', 'comment'), fc.string()),
            fc.jsonValue(),
          ),
        );
        await fc.assert(
          fc.asyncProperty(fc.constantFrom(...CLOSE.map(([name]) => name)), args, async (name, input) => {
            await fixture.call(name, JSON.parse(JSON.stringify(input)) as Record<string, unknown>);
          }),
          { numRuns: 300 },
        );
        for (const { path, body } of writesOf(fixture)) {
          const ids = (body as { filters?: { id?: { eq?: unknown } } }).filters?.id?.eq;
          expect(ids, path).toSatisfy(isListOfIds);
        }
      },
      { environment: { MDCA_CALLS_PER_MINUTE: '100000' } },
    ));
});

const hex24 = fc.stringMatching(/^[0-9a-fA-F]{24}$/);

function isListOfIds(ids: unknown): boolean {
  return (
    Array.isArray(ids) && ids.length > 0 && ids.length <= 100 && ids.every((id) => /^[0-9a-f]{24}$/.test(String(id)))
  );
}
