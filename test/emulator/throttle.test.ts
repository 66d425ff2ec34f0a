import { expect, test } from 'vitest';
import { request, START, startFixture } from './harness.ts';

test('30 calls a minute for the whole tenant, then 429 until the window has passed', async () => {
  let now = START;
  const fixture = await startFixture({ callsPerMinute: 30, now: () => now });
  const alerts = async () => (await fixture.get('/api/v1/alerts/?limit=1')).status;
  for (let call = 0; call < 15; call += 1) {
    expect(await alerts()).toBe(200);
    expect((await fixture.get('/cas/api/v1/policies/?limit=1')).status).toBe(200);
    now += 1000;
  }

  const refused = await fixture.get('/api/v1/alerts/');
  expect(refused.status).toBe(429);
  expect(refused.headers.get('retry-after')).toBe('45');
  expect(refused.json).toEqual({ detail: 'Request was throttled. Expected available in 45 seconds.' });

  now = START + 59_500;
  const last = await fixture.get('/api/v1/alerts/');
  expect(last.headers.get('retry-after')).toBe('1');
  expect(last.json).toEqual({ detail: 'Request was throttled. Expected available in 1 second.' });

  now = START + 60_000;
  expect([await alerts(), await alerts(), await alerts()]).toEqual([200, 200, 429]);
});

test('neither a refused token nor a throttled call uses the window up', async () => {
  let now = START;
  const fixture = await startFixture({ callsPerMinute: 1, now: () => now });
  expect((await request(`${fixture.emulator.url}/api/v1/alerts/`)).status).toBe(401);
  expect((await fixture.get('/api/v1/alerts/')).status).toBe(200);
  now += 59_000;
  expect((await fixture.get('/api/v1/alerts/')).status).toBe(429);
  now += 1000;
  expect((await fixture.get('/api/v1/alerts/')).status).toBe(200);
});

test('30 is the default', async () => {
  const fixture = await startFixture({ callsPerMinute: 30 });
  const statuses = await Promise.all(Array.from({ length: 32 }, async () => (await fixture.get('/api/v1/x/')).status));
  expect(statuses.filter((status) => status === 429)).toHaveLength(2);
});
