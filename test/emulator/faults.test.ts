import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, test } from 'vitest';
import type { InjectedFault } from '../../src/emulator/emulator.ts';
import { type Fixture, request, START, startFixture } from './harness.ts';

const LIST = '/api/v1/alerts/';

async function tooLong(fixture: Fixture, path: string): Promise<void> {
  await expect(fixture.get(path, { signal: AbortSignal.timeout(40) })).rejects.toThrow(/timeout/);
}

/** Status and headers only; the body is left on the wire. */
async function begin(fixture: Fixture, path: string) {
  const call = http.request(fixture.emulator.url + path, {
    headers: { authorization: `Token ${fixture.emulator.token}` },
  });
  call.on('error', () => {});
  call.end();
  const [response] = await once(call, 'response');
  return { call, response };
}

describe('answers that are wrong', () => {
  test.each([
    [400, /CONSOLE_FORMS_NOT_VALID_VALUE/],
    [401, /^\{"detail":"Invalid token"\}$/],
    [403, /do not have permission/],
    [404, /^\{"detail":"Not found\."\}$/],
    [405, /not allowed/],
    [429, /^\{"detail":"Request was throttled\. Expected available in 1 second\."\}$/],
    [500, /^$/],
    [503, /^$/],
  ])('status %i with its documented body', async (status, body) => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'status', status });
    const reply = await fixture.get(LIST);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(body);
    expect(reply.headers.has('retry-after')).toBe(false);
    expect((await fixture.get(LIST)).status).toBe(200);
  });

  test('status with body and headers of its own', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'status', status: 418, body: 'tea', headers: { 'Content-Type': 'text/plain' } });
    fixture.emulator.fault({ kind: 'status', status: 429, headers: { 'Retry-After': '7' } });
    const tea = await fixture.get(LIST);
    expect([tea.status, tea.text, tea.headers.get('content-type')]).toEqual([418, 'tea', 'text/plain']);
    const wait = await fixture.get(LIST);
    expect([wait.headers.get('retry-after'), wait.json.detail]).toEqual(['7', expect.stringContaining('7 seconds')]);
  });

  test.each<[InjectedFault, number, RegExp]>([
    [{ kind: 'status' }, 500, /^$/],
    [{ kind: 'html' }, 502, /<html>/],
    [{ kind: 'html', status: 504 }, 504, /<html>/],
    [{ kind: 'garbage' }, 200, /^upstream/],
    [{ kind: 'empty' }, 200, /^$/],
    [{ kind: 'redirect' }, 302, /^$/],
    [{ kind: 'redirect', status: 307, headers: { location: '/there/' } }, 307, /^$/],
  ])('%o', async (fault, status, body) => {
    const fixture = await startFixture();
    fixture.emulator.fault(fault);
    const reply = await fixture.get(LIST);
    expect([reply.status, reply.json]).toEqual([status, undefined]);
    expect(reply.text).toMatch(body);
    const location = fault.headers?.location ?? '/redirected/';
    if (fault.kind === 'redirect') expect(reply.headers.get('location')).toBe(location);
    expect(fixture.emulator.requests[0]?.status).toBe(status);
  });

  test('huge', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'huge' });
    const reply = await fixture.get(LIST);
    expect(reply.text.length).toBeGreaterThan(17 * 1024 * 1024);
    expect(reply.json.data).toEqual([]);
  });
});

describe('answers that do not come', () => {
  test('truncated', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'truncated' });
    const { response } = await begin(fixture, LIST);
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    await new Promise((resolve) => response.once('error', resolve));
    expect(response.statusCode).toBe(200);
    expect(text).toMatch(/^\{"data"/);
    expect(text.length).toBeLessThan(Number(response.headers['content-length']));
  });

  test('reset', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'reset' });
    await expect(fixture.get(LIST)).rejects.toThrow();
    expect(fixture.emulator.requests[0]?.status).toBeUndefined();
    expect((await fixture.get(LIST)).status).toBe(200);
  });

  test('hang, and close() does not wait for it', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'hang' });
    const waiting = fixture.get(LIST).catch(() => 'gone');
    await expect.poll(() => fixture.emulator.requests.length).toBe(1);
    await fixture.emulator.close();
    expect(await waiting).toBe('gone');
    await fixture.emulator.close();
  });

  test('drip: headers at once, then byte by byte', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'drip' });
    const { call, response } = await begin(fixture, LIST);
    expect(response.statusCode).toBe(200);
    const [first] = await once(response, 'data');
    expect(first.toString()).toBe(' ');
    call.destroy();
    expect((await fixture.get(LIST)).status).toBe(200);
  });
});

describe('answers that come too late', () => {
  const disable = async (fixture: Fixture, fault: InjectedFault, patience = 30) => {
    const policy = fixture.emulator.state.policies.find((it) => it.enabled);
    fixture.emulator.fault(fault);
    const path = `/cas/api/v1/policies/${policy?._id}/disable/`;
    const reply = await fixture.post(path, {}, { signal: AbortSignal.timeout(patience) }).catch(() => undefined);
    return { policy, reply };
  };

  test('slow answers normally', async () => {
    const fixture = await startFixture();
    const { policy, reply } = await disable(fixture, { kind: 'slow', delayMs: 5 }, 5_000);
    expect([reply?.status, policy?.enabled]).toEqual([200, false]);
  });

  test('slow: a client that has left is not served', async () => {
    const fixture = await startFixture();
    const { policy, reply } = await disable(fixture, { kind: 'slow', delayMs: 45 });
    expect(reply).toBeUndefined();
    fixture.emulator.fault({ kind: 'slow', delayMs: 45 });
    await fixture.get(LIST);
    expect(policy?.enabled).toBe(true);
  });

  test('late: carried out although the client has left', async () => {
    const fixture = await startFixture();
    const { policy, reply } = await disable(fixture, { kind: 'late', delayMs: 45 });
    expect([reply, policy?.enabled]).toEqual([undefined, true]);
    await expect.poll(() => policy?.enabled).toBe(false);
    expect(fixture.emulator.requests[0]?.status).toBe(200);
  });

  test('close() leaves nothing behind', async () => {
    const fixture = await startFixture();
    fixture.emulator.fault({ kind: 'late', delayMs: 40 });
    await tooLong(fixture, '/api/v1/policies/?limit=1').catch(() => {});
    await fixture.emulator.close();
    await expect(request(fixture.emulator.url)).rejects.toThrow();
  });
});

describe('the queue', () => {
  test.each(['reset', 'status', 'empty', 'truncated', 'garbage'] as const)(
    'applied: %s after the write',
    async (kind) => {
      const fixture = await startFixture();
      const alert = fixture.emulator.state.alerts.find((it) => it.resolutionStatusValue === 0);
      fixture.emulator.fault({ kind, applied: true });
      const body = { filters: { id: { eq: [alert?._id] } } };
      await fixture.post('/api/v1/alerts/close_benign/', body).catch(() => undefined);
      expect(alert).toMatchObject({ resolutionStatusValue: 4, resolveTime: new Date(START).toISOString() });
    },
  );

  test('not applied: nothing is written', async () => {
    const fixture = await startFixture();
    const before = structuredClone(fixture.emulator.state);
    fixture.emulator.fault({ kind: 'status', status: 504 });
    await fixture.post('/api/v1/alerts/close_benign/', {});
    expect(fixture.emulator.state).toEqual(before);
  });

  test('times, match, and first come first served', async () => {
    const fixture = await startFixture();
    const { fault, clearFaults } = fixture.emulator;
    fault({ kind: 'status', status: 503, times: 2, method: 'GET', path: 'alerts' });
    fault({ kind: 'status', status: 504 });
    const status = async (path: string) => (await fixture.get(path)).status;
    expect((await fixture.post(LIST, {})).status).toBe(504);
    expect(await status('/api/v1/policies/')).toBe(200);
    expect([await status(LIST), await status(LIST), await status(LIST)]).toEqual([503, 503, 200]);

    fault({ kind: 'status', status: 500, times: 0 });
    for (let call = 0; call < 5; call += 1) expect(await status(LIST)).toBe(500);
    clearFaults();
    expect(await status(LIST)).toBe(200);
  });

  test('before token and throttle, yet recorded', async () => {
    const fixture = await startFixture({ callsPerMinute: 1 });
    fixture.emulator.fault({ kind: 'status', status: 503, times: 3 });
    for (let call = 0; call < 3; call += 1) {
      expect((await request(fixture.emulator.url + LIST)).status).toBe(503);
    }
    expect(fixture.emulator.requests.map((it) => it.status)).toEqual([503, 503, 503]);
    expect((await fixture.get(LIST)).status).toBe(200);
  });
});
