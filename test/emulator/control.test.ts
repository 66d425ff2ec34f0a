import { describe, expect, test } from 'vitest';
import type { Alert } from '../../src/emulator/records.ts';
import { START, startHarness } from './harness.ts';

test('faults are queued one by one or several at once, and cleared', async () => {
  const { control, get } = await startHarness();
  expect((await control('POST', 'faults', { kind: 'status', status: 503 })).json).toEqual({ queued: 1 });
  const several = [{ kind: 'html' }, { kind: 'status', status: 500, times: 0 }];
  expect((await control('POST', 'faults', several)).status).toBe(201);
  const statuses = [];
  for (let call = 0; call < 4; call += 1) statuses.push((await get('/api/v1/alerts/?limit=1')).status);
  expect(statuses).toEqual([503, 502, 500, 500]);
  expect((await control('DELETE', 'faults')).status).toBe(204);
  expect((await get('/api/v1/alerts/?limit=1')).status).toBe(200);
});

test.each([
  ['{', /JSON/],
  ['1', /object/],
  [{}, /kind must be one of status, html/],
  [{ kind: 'rain' }, /kind must be/],
  [{ kind: 'status', status: 99 }, /status must be a whole number from 200 to 599/],
  [{ kind: 'slow', delayMs: -1 }, /delayMs/],
  [{ kind: 'hang', times: 1.5 }, /times/],
  [{ kind: 'hang', applied: 'yes' }, /applied/],
  [{ kind: 'hang', headers: { 'retry-after': 1 } }, /headers/],
  [{ kind: 'hang', headers: { 'bad name': 'x' } }, /headers/],
  [{ kind: 'hang', headers: 'x' }, /headers/],
  [{ kind: 'hang', path: 1 }, /path/],
  [{ kind: 'hang', colour: 1 }, /colour is not known; the fields are kind/],
  [[{ kind: 'hang' }, { kind: 'rain' }], /kind must be/],
])('fault %o is refused', async (fault, message) => {
  const { control, get } = await startHarness();
  const reply = await control('POST', 'faults', fault);
  expect(reply.status).toBe(400);
  expect(reply.json.detail).toMatch(message);
  expect((await get('/api/v1/alerts/?limit=1')).status).toBe(200);
});

test('requests are listed and cleared; the control path is not recorded, throttled or hit by faults', async () => {
  const { control, get, emulator } = await startHarness({ callsPerMinute: 1 });
  await get('/api/v1/alerts/?limit=1');
  emulator.fault({ kind: 'reset', times: 0 });
  const { json } = await control('GET', 'requests');
  expect(json).toHaveLength(1);
  expect(json[0]).toMatchObject({ method: 'GET', path: '/api/v1/alerts/', query: { limit: '1' }, status: 200 });
  expect((await control('DELETE', 'requests')).status).toBe(204);
  expect(emulator.requests).toEqual([]);
});

test('the state has counts, ids and the alerts', async () => {
  const { control, emulator } = await startHarness();
  const { json } = await control('GET', 'state');
  expect(json.counts).toMatchObject({ alerts: emulator.state.alerts.length, activities: expect.any(Number) });
  expect(json.alerts).toEqual(emulator.state.alerts);
  expect(json.policyIds).toEqual(emulator.state.policies.map((policy) => policy._id));
});

test.each([
  ['GET', 'faults', 405],
  ['PUT', 'alerts', 405],
  ['GET', 'nothing', 404],
  ['GET', 'state/', 200],
])('%s %s gets %i', async (method, path, status) => {
  const { control } = await startHarness();
  expect((await control(method, path)).status).toBe(status);
});

describe('ordered alerts', () => {
  test('are one by default, the newest of all and with its activities', async () => {
    const { control, get, emulator } = await startHarness();
    const before = emulator.state.activities.length;
    const reply = await control('POST', 'alerts');
    expect(reply.status).toBe(201);
    const [alert] = reply.json.alerts;
    expect(alert).toMatchObject({ timestamp: START, resolutionStatusValue: 0 });
    expect((await get('/api/v1/alerts/?limit=1')).json.data).toEqual([alert]);
    expect(emulator.state.activities.length).toBeGreaterThanOrEqual(before + 12);
  });

  test('have the title, severity, time and user of the order', async () => {
    const { control } = await startHarness();
    const user = 'quinn.partner@fabrikam.com';
    const order = { count: 3, title: 'Drill', severity: 'high', timestamp: START - 5000, user };
    const { json } = await control('POST', 'alerts', order);
    expect(json.alerts).toHaveLength(3);
    for (const alert of json.alerts) {
      expect(alert).toMatchObject({ title: 'Drill', severityValue: 2, timestamp: START - 5000 });
      expect(alert.entities.some((entity: Alert['policy']) => entity.id === user)).toBe(true);
    }
  });

  test('have ids that never collide and are the same each time', async () => {
    const harness = await startHarness();
    const twin = await startHarness();
    const raise = async ({ control }: typeof harness) =>
      (await control('POST', 'alerts', { count: 300 })).json.alerts.map((alert: Alert) => alert._id);
    const ids = [...(await raise(harness)), ...(await raise(harness))];
    expect([...(await raise(twin)), ...(await raise(twin))]).toEqual(ids);
    const all = harness.emulator.state;
    expect(new Set(all.alerts.map((alert) => alert._id)).size).toBe(all.alerts.length);
    expect(new Set(all.activities.map((activity) => activity._id)).size).toBe(all.activities.length);
    expect((await harness.control('POST', 'alerts', { timestamp: 0 })).json.alerts[0]._id).toMatch(/^[0-9a-f]{24}$/);
  });

  test.each([
    ['[]', /object/],
    [{ count: 0 }, /count must be a whole number from 1 to 1000/],
    [{ severity: 'bad' }, /severity must be one of low/],
    [{ severity: 4 }, /severity/],
    [{ title: '' }, /title/],
    [{ timestamp: 'now' }, /timestamp/],
    [{ timestamp: 1e300 }, /timestamp/],
    [{ user: 'nobody@contoso.com' }, /user must be/],
    [{ colour: 1 }, /colour is not known/],
  ])('are refused for %o', async (order, message) => {
    const { control, emulator } = await startHarness();
    const before = emulator.state.alerts.length;
    const reply = await control('POST', 'alerts', order);
    expect(reply.status).toBe(400);
    expect(reply.json.detail).toMatch(message);
    expect(emulator.state.alerts).toHaveLength(before);
  });
});
