import { describe, expect, test } from 'vitest';
import { asReader, request, startHarness } from './harness.ts';

const INVALID = { detail: 'Invalid token' };

describe('token', () => {
  test('a call without one gets 401', async () => {
    const { emulator } = await startHarness();
    const reply = await request(`${emulator.url}/api/v1/alerts/`);
    expect(reply.status).toBe(401);
    expect(reply.json).toEqual({ detail: 'Authentication credentials were not provided.' });
  });

  test.each(['Token wrong', 'Basic abc', 'Token', 'x'])('the header %j gets 401', async (authorization) => {
    const { get } = await startHarness();
    const reply = await get('/api/v1/alerts/', { headers: { authorization } });
    expect([reply.status, reply.json]).toEqual([401, INVALID]);
  });

  test.each(['Token', 'token', 'TOKEN', 'Bearer', 'bearer'])('scheme %s is accepted', async (scheme) => {
    const { get, emulator } = await startHarness();
    const reply = await get('/api/v1/alerts/?limit=1', { headers: { authorization: `${scheme} ${emulator.token}` } });
    expect(reply.status).toBe(200);
  });

  test('the default token looks like one and says that it is fake', async () => {
    const { emulator } = await startHarness();
    expect(emulator.token).toMatch(/^[0-9a-zA-Z=]{64,192}$/);
    expect(emulator.token).toContain('DEMO');
    expect(emulator.readerToken).not.toBe(emulator.token);
  });

  test('a token that is set replaces the default', async () => {
    const { get } = await startHarness({ token: 'my-token' });
    expect((await get('/api/v1/alerts/?limit=1')).status).toBe(200);
  });
});

describe('rights', () => {
  test('a reader reads', async () => {
    const harness = await startHarness();
    expect((await harness.post('/api/v1/alerts/', { limit: 1 }, asReader(harness))).status).toBe(200);
    expect((await harness.post('/cas/api/v1/discovery/discovered_apps/tags/', {}, asReader(harness))).status).toBe(200);
  });

  test.each([
    '/api/v1/alerts/close_benign/',
    '/api/v1/alerts/dismiss_bulk/',
    '/api/v1/alerts/reopen/',
    '/cas/api/v1/policies/x/disable/',
    '/api/v1/discovery/discovery_app/11627/add_tag/',
  ])('a reader does not write %s', async (path) => {
    const harness = await startHarness();
    const before = structuredClone(harness.emulator.state);
    const reply = await harness.post(path, {}, asReader(harness));
    expect(reply.status).toBe(403);
    expect(reply.json).toEqual({ detail: 'You do not have permission to perform this action.' });
    expect(harness.emulator.state).toEqual(before);
  });
});

describe('paths and methods', () => {
  test.each(['/nothing/', '/api/v1/nothing/', '/nothing', '/api/v1/alerts/%E0%A4%A/', '//', '/api/v1/alerts/x/'])(
    '%s gets 404',
    async (path) => {
      const { get } = await startHarness();
      const reply = await get(path);
      expect([reply.status, reply.json]).toEqual([404, { detail: 'Not found.' }]);
    },
  );

  test.each([
    ['GET', '/api/v1/alerts/close_benign/'],
    ['GET', '/cas/api/v1/policies/x/enable/'],
    ['DELETE', '/api/v1/alerts/'],
    ['POST', '/api/v1/saasdb/11161/'],
  ])('%s %s gets 405', async (method, path) => {
    const { get } = await startHarness();
    const reply = await get(path, { method });
    expect([reply.status, reply.json]).toEqual([405, { detail: `Method "${method}" not allowed.` }]);
  });

  test('both prefixes answer alike', async () => {
    const { get } = await startHarness();
    const paths = ['/api/v1/alerts/', '/api/v1/policies/', '/api/discovery/streams/'];
    for (const path of paths) expect((await get(`/cas${path}`)).text).toBe((await get(path)).text);
  });

  test('a path without its last slash gets 301 to the path with it, and the query stays', async () => {
    const { post, emulator } = await startHarness();
    const reply = await post('/api/v1/alerts/close_benign?a=1', {});
    expect([reply.status, reply.headers.get('location')]).toEqual([301, '/api/v1/alerts/close_benign/?a=1']);
    expect(emulator.state.alerts.filter((alert) => alert.resolutionStatusValue === 0).length).toBeGreaterThan(0);
  });

  test('with bodiless-get, a path without its last slash is served as a GET without body', async () => {
    const { post } = await startHarness({ slashless: 'bodiless-get' });
    const reply = await post('/api/v1/activities', { filters: { service: { eq: [11627] } }, limit: 1 });
    expect(reply.json.data).toHaveLength(100);
    expect((await post('/api/v1/alerts/close_benign', {})).status).toBe(405);
  });
});

describe('bodies', () => {
  test.each(['{"filters":', 'null', '[1]', '"text"'])('%s is no JSON object and gets 400', async (body) => {
    const { post } = await startHarness();
    const reply = await post('/api/v1/alerts/', body);
    expect(reply.status).toBe(400);
    expect(reply.json.detail).toContain('JSON');
  });

  test.each(['application/json', 'text/plain', 'application/x-www-form-urlencoded'])(
    'JSON is read as %s',
    async (type) => {
      const { post, emulator } = await startHarness();
      const headers = { authorization: `Token ${emulator.token}`, 'content-type': type };
      expect((await post('/api/v1/alerts/', { limit: 3 }, { headers })).json.data).toHaveLength(3);
    },
  );

  test('a form is read', async () => {
    const { post, emulator } = await startHarness();
    const headers = { authorization: `Token ${emulator.token}`, 'content-type': 'application/x-www-form-urlencoded' };
    const reply = await post('/api/v1/alerts/', 'limit=2&sortDirection=asc', { headers });
    expect(reply.json.data).toHaveLength(2);
  });

  test('a body of more than 1 MiB gets 413', async () => {
    const { post } = await startHarness();
    expect((await post('/api/v1/alerts/', 'x'.repeat(1024 * 1024 + 1))).status).toBe(413);
  });
});
