import { expect, onTestFinished, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { request, START, startHarness } from './harness.ts';

test('30 calls a minute pass for the whole tenant, then comes 429 until the window has passed', async () => {
  let now = START;
  const harness = await startHarness({ callsPerMinute: 30, now: () => now });
  const alerts = async () => (await harness.get('/api/v1/alerts/?limit=1')).status;
  for (let call = 0; call < 15; call += 1) {
    expect(await alerts()).toBe(200);
    expect((await harness.get('/cas/api/v1/policies/?limit=1')).status).toBe(200);
    now += 1000;
  }

  const refused = await harness.get('/api/v1/alerts/');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('45');
  expect(refused.json).toEqual({ detail: 'Request was throttled. Expected available in 45 seconds.' });

  now = START + 59_500;
  const last = await harness.get('/api/v1/alerts/');
  expect(last.headers.get('retry-after')).toBe('1');
  expect(last.json).toEqual({ detail: 'Request was throttled. Expected available in 1 second.' });

  now = START + 60_000;
  expect([await alerts(), await alerts(), await alerts()]).toEqual([200, 200, 429]);
});

test('neither a refused token nor a throttled call counts against the limit', async () => {
  let now = START;
  const harness = await startHarness({ callsPerMinute: 1, now: () => now });
  expect((await request(`${harness.emulator.url}/api/v1/alerts/`)).status).toBe(401);
  expect((await harness.get('/api/v1/alerts/')).status).toBe(200);
  now += 59_000;
  expect((await harness.get('/api/v1/alerts/')).status).toBe(429);
  now += 1000;
  expect((await harness.get('/api/v1/alerts/')).status).toBe(200);
});

test('30 is the default', async () => {
  const emulator = await createEmulator({ now: () => START });
  onTestFinished(() => emulator.close());
  const headers = { authorization: `Token ${emulator.token}` };
  const calls = Array.from({ length: 32 }, () => request(`${emulator.url}/api/v1/x/`, { headers }));
  const statuses = (await Promise.all(calls)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429)).toHaveLength(2);
});
