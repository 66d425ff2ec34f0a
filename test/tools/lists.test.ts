import { describe, expect, test } from 'vitest';
import { type Fixture, textOf, withFixture } from '../fixture.ts';

const OPEN = 'mdca_get_open_alerts';
/** As programs run it. */
const UNBOUNDED = { environment: { MDCA_ANSWER_TOKENS: '0' } };

/** Replaces the alerts of the tenant by this many open ones, a millisecond apart. */
function fill({ emulator }: Fixture, count: number): void {
  const [model] = emulator.state.alerts;
  const copies = Array.from({ length: count }, (_, n) => ({
    ...structuredClone(model),
    _id: n.toString(16).padStart(24, 'a'),
    timestamp: 1_767_600_000_000 + n,
    resolutionStatusValue: 0,
  }));
  emulator.state.alerts.splice(0, Number.POSITIVE_INFINITY, ...(copies as typeof emulator.state.alerts));
}

interface Alerts {
  alerts: { id: string; created?: string }[];
  returned: number;
  total?: number;
  has_more: boolean;
  unreadable?: number;
}

async function open(fixture: Fixture, args = {}): Promise<Alerts> {
  return (await fixture.call(OPEN, args)).structuredContent as unknown as Alerts;
}

describe('open alerts', () => {
  test('without a limit, 20 come by one call with the documented body, newest first', () =>
    withFixture(async (fixture) => {
      fill(fixture, 250);
      const answer = await open(fixture);
      expect(answer).toMatchObject({ returned: 20, total: 250, has_more: true });
      expect(answer.alerts.map(({ created }) => created)).toEqual(
        answer.alerts
          .map(({ created }) => created)
          .toSorted()
          .reverse(),
      );
      expect(fixture.emulator.requests.map(({ method, path, body }) => ({ method, path, body }))).toEqual([
        {
          method: 'POST',
          path: '/api/v1/alerts/',
          body: { filters: { alertOpen: { eq: true } }, sortField: 'date', sortDirection: 'desc', skip: 0, limit: 20 },
        },
      ]);
    }));

  test('with limit 250, 250 different alerts come by three calls', () =>
    withFixture(async (fixture) => {
      fill(fixture, 300);
      const answer = await open(fixture, { limit: 250 });
      expect(new Set(answer.alerts.map(({ id }) => id)).size).toBe(250);
      expect(fixture.emulator.requests).toHaveLength(3);
    }, UNBOUNDED));

  test.each([0, -1, 1.5, '5.0', '1e1', '', 1001, '1001', [5]])('limit %j is refused with no call made', (limit) =>
    withFixture(async (fixture) => {
      expect(textOf(await fixture.call(OPEN, { limit }))).toMatch(/^invalid_input: limit: /);
      expect(fixture.emulator.requests).toEqual([]);
    }),
  );

  test('a misspelt argument is refused and the right one named', () =>
    withFixture(async (fixture) => {
      expect(textOf(await fixture.call(OPEN, { limti: 3 }))).toMatch(
        /^invalid_input: Unknown argument "limti"; did you mean limit\?/,
      );
      expect(fixture.emulator.requests).toEqual([]);
    }));

  test('closed alerts that the service lets through are left out, and others take their place', () =>
    withFixture(async (fixture) => {
      const record = (n: number, resolutionStatusValue: number) => ({
        _id: n.toString(16).padStart(24, '0'),
        resolutionStatusValue,
      });
      const first = { data: [record(1, 0), record(2, 4), record(3, 0)], hasNext: true, total: 9 };
      const second = { data: [record(3, 0), record(4, 0)], hasNext: true, total: 9 };
      for (const page of [first, second])
        fixture.emulator.fault({ kind: 'status', status: 200, body: JSON.stringify(page) });
      const answer = await open(fixture, { limit: 3 });
      expect(answer.alerts.map(({ id }) => Number.parseInt(id, 16))).toEqual([1, 3, 4]);
      expect(fixture.emulator.requests.map(({ body }) => body)).toMatchObject([
        { skip: 0, limit: 3 },
        { skip: 3, limit: 1 },
      ]);
    }));

  test('a service that ignores the filter costs at most three calls', () =>
    withFixture(async (fixture) => {
      const data = [{ _id: 'b'.repeat(24), resolutionStatusValue: 5 }];
      fixture.emulator.fault({ kind: 'status', status: 200, times: 0, body: JSON.stringify({ data, hasNext: true }) });
      expect(await open(fixture)).toMatchObject({ returned: 0, has_more: true });
      expect(fixture.emulator.requests.length).toBeLessThanOrEqual(3);
    }));

  test('a record needs nothing but its id, and records without one are counted', () =>
    withFixture(async (fixture) => {
      const id = 'd'.repeat(24);
      const odd = {
        _id: id,
        title: 5,
        severityValue: 'x',
        timestamp: null,
        entities: [null, 5, { type: 7 }, { type: 'ip' }],
        policy: [],
      };
      const body = JSON.stringify({ data: [odd, { title: 'no id' }, null, 7] });
      fixture.emulator.fault({ kind: 'status', status: 200, body });
      const answer = await open(fixture);
      expect(answer).toMatchObject({ returned: 1, unreadable: 3, has_more: false, alerts: [{ id }] });
      expect(answer.alerts[0]).not.toHaveProperty('title');
    }));

  test('numbers as text are read, and a state that cannot be read is not called open', () =>
    withFixture(async (fixture) => {
      const record = (n: number, resolutionStatusValue: unknown) => ({
        _id: String(n).repeat(24),
        resolutionStatusValue,
        severityValue: '2',
        entities: [
          { type: 'service', id: '' },
          { type: 'service', id: '0x10' },
          { type: 'service', id: '20893' },
          { type: 'ip' },
        ],
      });
      const data = [record(1, '4'), record(2, '0'), record(3, 'open?'), record(4, null)];
      fixture.emulator.fault({
        kind: 'status',
        status: 200,
        body: JSON.stringify({ data, total: 12.5, hasNext: false }),
      });
      const { alerts } = (await open(fixture)) as unknown as { alerts: { id: string; status?: string }[] };
      expect(alerts.map(({ id, status }) => [id.slice(0, 1), status])).toEqual([
        ['2', undefined],
        ['3', 'unknown'],
        ['4', undefined],
      ]);
      expect(alerts[0]).toMatchObject({ severity: 'high', apps: [20893] });
      expect(alerts[0]).not.toHaveProperty('ips');
    }));

  test('a tenant with pages below 100 gives as many as were asked for', () =>
    withFixture(async (fixture) => {
      const pages = Array.from({ length: 9 }, (_, page) =>
        Array.from({ length: 30 }, (_, n) => ({ _id: (page * 30 + n).toString(16).padStart(24, '0') })),
      );
      for (const data of pages) {
        fixture.emulator.fault({
          kind: 'status',
          status: 200,
          body: JSON.stringify({ data, hasNext: true, total: 900 }),
        });
      }
      expect(await open(fixture, { limit: 250 })).toMatchObject({ returned: 250, total: 900, has_more: true });
    }, UNBOUNDED));

  test('a title cannot pass for other fields of its line', () =>
    withFixture(async (fixture) => {
      const [alert] = fixture.emulator.state.alerts;
      Object.assign(alert ?? {}, { title: `Test, policy ${'5'.repeat(24)} Harmless` });
      const text = textOf(await fixture.call(OPEN, { limit: 1 }));
      expect(text).toContain(`"Test, policy ${'5'.repeat(24)} Harmless"; policy 673723f0c41f0a9e732b0001`);
    }));

  test('detail full adds the description', () =>
    withFixture(async (fixture) => {
      const [concise] = (await open(fixture, { limit: 1 })).alerts;
      const [full] = (await open(fixture, { limit: 1, detail: 'full' })).alerts;
      expect(concise).not.toHaveProperty('description');
      expect(full).toHaveProperty('description');
    }));

  test('the text says so where none is open', () =>
    withFixture(async (fixture) => {
      fill(fixture, 0);
      expect(textOf(await fixture.call(OPEN))).toBe('0 of 0 open alerts, newest first.');
    }));

  test('a client that asks for progress is told of each page but the last', () =>
    withFixture(async (fixture) => {
      fill(fixture, 250);
      const messages: (string | undefined)[] = [];
      await fixture.client.callTool({ name: OPEN, arguments: { limit: 250 } }, undefined, {
        onprogress: ({ message }) => messages.push(message),
      });
      expect(messages).toEqual(['Read 100 of 250.', 'Read 200 of 250.']);
    }));

  test('a cancelled call ends its request', () =>
    withFixture(async (fixture) => {
      fixture.emulator.fault({ kind: 'hang' });
      const cancel = new AbortController();
      const call = fixture.client.callTool({ name: OPEN }, undefined, { signal: cancel.signal });
      await expect.poll(() => fixture.emulator.requests.length).toBe(1);
      cancel.abort();
      await expect(call).rejects.toThrow();
      await expect.poll(() => fixture.logged.join('\n')).toContain('"code":"cancelled"');
    }));
});

test('activities are asked for by the account key of the user', () =>
  withFixture(async (fixture) => {
    const user_id = '9e6f4bda-0812-4274-a2f4-2a10b3a56faf';
    const result = await fixture.call('mdca_get_activities', { user_id });
    expect(result.structuredContent).toMatchObject({ returned: 20 });
    expect(fixture.emulator.requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/activities/',
      body: { filters: { entity: { eq: [{ id: user_id, saas: 11161, inst: 0 }] } }, limit: 20 },
    });
    const byName = await fixture.call('mdca_get_activities', { user_id: 'avery.example@contoso.com' });
    expect(byName.structuredContent).toMatchObject({ user: 'avery.example@contoso.com', returned: 20 });
    expect(fixture.emulator.requests[1]?.body).toMatchObject({
      filters: { 'user.username': { eq: ['avery.example@contoso.com'] } },
    });
  }));
