import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/emulator/records.ts';
import { START, startHarness } from './harness.ts';

const isOpen = (alert: Alert) => alert.resolutionStatusValue === 0;
const HOUR = 3_600_000;

describe('the list', () => {
  test('has the documented envelope, newest first', async () => {
    const { get, emulator } = await startHarness();
    const { json } = await get('/api/v1/alerts/');
    const total = emulator.state.alerts.length;
    expect(json).toMatchObject({ total, max: 100, moreThanTotal: false, hasNext: total > 100 });
    const times = json.data.map((alert: Alert) => alert.timestamp);
    expect(times).toEqual([...times].sort((a, b) => b - a));
  });

  test('has at most 100 alerts a page, and pages by skip', async () => {
    const { post, control, emulator } = await startHarness();
    await control('POST', 'alerts', { count: 130 });
    const total = emulator.state.alerts.length;
    const ids = new Set<string>();
    for (let skip = 0, more = true; more; ) {
      const { json } = await post('/api/v1/alerts/', { skip, limit: 500 });
      expect(json.data.length).toBeLessThanOrEqual(100);
      expect(json.hasNext).toBe(skip + json.data.length < total);
      for (const alert of json.data) ids.add(alert._id);
      skip += json.data.length;
      more = json.hasNext;
    }
    expect(ids.size).toBe(total);
  });

  test('takes the same parameters by GET as by POST, and an empty POST lists all', async () => {
    const { get, post } = await startHarness();
    const body = { filters: { alertOpen: { eq: true } }, limit: 5, skip: 2, sortDirection: 'asc' };
    const filters = encodeURIComponent(JSON.stringify(body.filters));
    const byQuery = await get(`/api/v1/alerts/?limit=5&skip=2&sortDirection=asc&filters=${filters}`);
    expect(byQuery.json).toEqual((await post('/api/v1/alerts/', body)).json);
    expect((await post('/api/v1/alerts/')).json).toEqual((await get('/api/v1/alerts/')).json);
  });

  test('can be sorted by severity, high to informational', async () => {
    const { post } = await startHarness();
    const { json } = await post('/api/v1/alerts/', { sortField: 'severity' });
    const rank = [1, 2, 3, 0];
    const ranks = json.data.map((alert: Alert) => rank[alert.severityValue]);
    expect(ranks).toEqual([...ranks].sort((a, b) => b - a));
  });

  test.each([{ limit: 0 }, { limit: 'x' }, { skip: -1 }, { sortField: 'colour' }, { sortDirection: 'up' }])(
    'gets 400 with %o',
    async (body) => {
      const { post } = await startHarness();
      expect((await post('/api/v1/alerts/', body)).json).toMatchObject({ error: true });
    },
  );
});

describe('the filters', () => {
  const first = (alerts: Alert[], type: string) =>
    alerts.flatMap((alert) => alert.entities).find((entity) => entity.type === type)?.id;
  const has = (alert: Alert, type: string, id: unknown) =>
    alert.entities.some((entity) => entity.type === type && entity.id === id);

  test.each<[string, (alerts: Alert[]) => unknown, (alert: Alert, alerts: Alert[]) => boolean]>([
    ['open', () => ({ alertOpen: { eq: true } }), isOpen],
    ['closed', () => ({ alertOpen: { eq: false } }), (alert) => !isOpen(alert)],
    ['status scalar', () => ({ resolutionStatus: { eq: 0 } }), isOpen],
    ['status list', () => ({ resolutionStatus: { eq: [3, 4] } }), (a) => [3, 4].includes(a.resolutionStatusValue)],
    ['severity', () => ({ severity: { eq: 2 } }), (alert) => alert.severityValue === 2],
    ['not severity', () => ({ severity: { neq: [1, 2] } }), (alert) => ![1, 2].includes(alert.severityValue)],
    ['read', () => ({ read: { eq: true } }), (alert) => alert.statusValue > 0],
    ['since', () => ({ date: { gte: START - 24 * HOUR } }), (alert) => alert.timestamp >= START - 24 * HOUR],
    [
      'between',
      () => ({ date: { gte: START - 99 * HOUR, lte: START - 9 * HOUR } }),
      (alert) => alert.timestamp >= START - 99 * HOUR && alert.timestamp <= START - 9 * HOUR,
    ],
    [
      'range',
      () => ({ date: { range: [{ start: START - 9 * HOUR, end: START }] } }),
      (alert) => alert.timestamp >= START - 9 * HOUR,
    ],
    ['days', () => ({ date: { gte_ndays: 2 } }), (alert) => alert.timestamp >= START - 48 * HOUR],
    ['older', () => ({ date: { lte_ndays: 2 } }), (alert) => alert.timestamp <= START - 48 * HOUR],
    ['resolved since', () => ({ resolutionDate: { gte: 0 } }), (alert) => alert.resolveTime !== null],
    ['type', () => ({ alertType: { eq: 15859716 } }), (alert) => alert.idValue === 15859716],
    ['service', () => ({ 'entity.service': { eq: [15600] } }), (alert) => has(alert, 'service', 15600)],
    [
      'ip',
      (alerts) => ({ 'entity.ip': { eq: first(alerts, 'ip') } }),
      (alert, alerts) => has(alert, 'ip', first(alerts, 'ip')),
    ],
    [
      'policy in upper case',
      (alerts) => ({ 'entity.policy': { eq: String(first(alerts, 'policyRule')).toUpperCase() } }),
      (alert, alerts) => has(alert, 'policyRule', first(alerts, 'policyRule')),
    ],
    [
      'entity pk',
      (alerts) => ({ 'entity.entity': { eq: [{ id: first(alerts, 'account'), saas: 11161, inst: 0 }] } }),
      (alert, alerts) => has(alert, 'account', first(alerts, 'account')),
    ],
    [
      'user',
      (alerts) => ({ 'entity.user': { eq: [first(alerts, 'user')] } }),
      (alert, alerts) => has(alert, 'user', first(alerts, 'user')),
    ],
    [
      'two fields',
      () => ({ alertOpen: { eq: true }, severity: { eq: [2] } }),
      (alert) => isOpen(alert) && alert.severityValue === 2,
    ],
    ['source', () => ({ source: { eq: 'policy' } }), (alert) => !alert.policy.policyType?.includes('ANOMALY')],
  ])('select by %s', async (_name, filters, expected) => {
    const { post, emulator } = await startHarness();
    const { alerts } = emulator.state;
    const { json } = await post('/api/v1/alerts/', { filters: filters(alerts) });
    const ids = alerts.filter((alert) => expected(alert, alerts)).map((alert) => alert._id);
    expect(ids.length).toBeGreaterThan(0);
    expect(json.data.map((alert: Alert) => alert._id).sort()).toEqual(ids.sort());
  });

  test('take 100 ids at once, in either case', async () => {
    const { post, control, emulator } = await startHarness();
    await control('POST', 'alerts', { count: 100 });
    const ids = emulator.state.alerts.slice(0, 100).map((alert) => alert._id.toUpperCase());
    const { json } = await post('/api/v1/alerts/', { filters: { id: { eq: ids } } });
    expect(json.total).toBe(100);
  });

  test('refuse a malformed id with 400 in the words of the console', async () => {
    const { post } = await startHarness();
    const reply = await post('/api/v1/alerts/', { filters: { id: { eq: ['abc'] } } });
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual({
      filters: [
        {
          error: 'abc is not valid',
          errorMessageCode: 'CONSOLE_FORMS_NOT_VALID_VALUE',
          errorMessageParams: { value: 'abc' },
        },
      ],
      error: true,
    });
  });

  test.each([
    ['unknown field', { colour: { eq: 1 } }],
    ['inherited name', { constructor: { eq: 1 } }],
    ['unknown operator', { severity: { near: 1 } }],
    ['operator of another field', { severity: { gte: 1 } }],
    ['no operator', { alertOpen: 'true' }],
  ])('refuse %s with 400, or ignore it where the option says so', async (_name, filters) => {
    const strict = await startHarness();
    expect((await strict.post('/api/v1/alerts/', { filters })).status).toBe(400);
    const loose = await startHarness({ unknownFilter: 'ignore' });
    const { json } = await loose.post('/api/v1/alerts/', { filters });
    expect(json.total).toBe(loose.emulator.state.alerts.length);
  });

  test.each([{ severity: { eq: 'x' } }, { date: { gte: 'today' } }, { alertOpen: { eq: 'yes' } }])(
    'refuse a wrong value in any mode: %o',
    async (filters) => {
      const { post } = await startHarness({ unknownFilter: 'ignore' });
      expect((await post('/api/v1/alerts/', { filters })).status).toBe(400);
    },
  );
});

describe('one alert', () => {
  test('is read by its id, in either case', async () => {
    const { get, emulator } = await startHarness();
    const [alert] = emulator.state.alerts;
    expect((await get(`/api/v1/alerts/${alert?._id.toUpperCase()}/`)).json).toEqual(alert);
    expect((await get(`/api/v1/alerts/${'0'.repeat(24)}/`)).status).toBe(404);
  });

  test('can be marked read and unread', async () => {
    const { post, emulator } = await startHarness();
    const [alert] = emulator.state.alerts;
    expect((await post(`/api/v1/alerts/${alert?._id}/read/`)).json).toEqual({});
    expect(alert?.statusValue).toBe(1);
    await post(`/api/v1/alerts/${alert?._id}/unread/`, {});
    expect(alert?.statusValue).toBe(0);
    expect((await post('/api/v1/alerts/x/read/')).status).toBe(404);
  });
});
