import { once } from 'node:events';
import http from 'node:http';
import { describe, expect, test } from 'vitest';
import type { InjectedFault } from '../../src/emulator/emulator.ts';
import { type Harness, request, START, startHarness } from './harness.ts';

const LIST = '/api/v1/alerts/';

async function expectTimeout(harness: Harness, path: string): Promise<void> {
  await expect(harness.get(path, { signal: AbortSignal.timeout(40) })).rejects.toThrow(/timeout/);
}

/** Reads status and headers, and leaves the body unread. */
async function begin(harness: Harness, path: string) {
  const call = http.request(harness.emulator.url + path, {
    headers: { authorization: `Token ${harness.emulator.token}` },
  });
  call.on('error', () => {});
  call.end();
  const [response] = await once(call, 'response');
  return { call, response };
}

describe('wrong answers', () => {
  test.each([
    [400, /CONSOLE_FORMS_NOT_VALID_VALUE/],
    [401, /^\{"detail":"Invalid token"\}$/],
    [403, /do not have permission/],
    [404, /^\{"detail":"Not found\."\}$/],
    [405, /not allowed/],
    [429, /^\{"detail":"Request was throttled\. Expected available in 1 second\."\}$/],
    [500, /^$/],
    [503, /^$/],
  ])('of status %i have the documented body', async (status, body) => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'status', status });
    const reply = await harness.get(LIST);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(body);
    expect(reply.headers.has('retry-after')).toBe(false);
    expect((await harness.get(LIST)).status).toBe(200);
  });

  test('of a status can have another body and other headers', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'status', status: 418, body: 'tea', headers: { 'Content-Type': 'text/plain' } });
    harness.emulator.fault({ kind: 'status', status: 429, headers: { 'Retry-After': '7' } });
    const tea = await harness.get(LIST);
    expect([tea.status, tea.text, tea.headers.get('content-type')]).toEqual([418, 'tea', 'text/plain']);
    const wait = await harness.get(LIST);
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
  ])('follow %o', async (fault, status, body) => {
    const harness = await startHarness();
    harness.emulator.fault(fault);
    const reply = await harness.get(LIST);
    expect([reply.status, reply.json]).toEqual([status, undefined]);
    expect(reply.text).toMatch(body);
    const location = fault.headers?.location ?? '/redirected/';
    if (fault.kind === 'redirect') expect(reply.headers.get('location')).toBe(location);
    expect(harness.emulator.requests[0]?.status).toBe(status);
  });

  test('of the kind huge have more than 17 MiB', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'huge' });
    const reply = await harness.get(LIST);
    expect(reply.text.length).toBeGreaterThan(17 * 1024 * 1024);
    expect(reply.json.data).toEqual([]);
  });
});

describe('answers that do not come whole', () => {
  test('end before their announced length with truncated', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'truncated' });
    const { response } = await begin(harness, LIST);
    let text = '';
    response.on('data', (chunk: Buffer) => {
      text += chunk;
    });
    await new Promise((resolve) => response.once('error', resolve));
    expect(response.statusCode).toBe(200);
    expect(text).toMatch(/^\{"data"/);
    expect(text.length).toBeLessThan(Number(response.headers['content-length']));
  });

  test('never begin with reset, which ends the connection', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'reset' });
    await expect(harness.get(LIST)).rejects.toThrow();
    expect(harness.emulator.requests[0]?.status).toBeUndefined();
    expect((await harness.get(LIST)).status).toBe(200);
  });

  test('never begin with hang, and close() does not wait for them', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'hang' });
    const waiting = harness.get(LIST).catch(() => 'gone');
    await expect.poll(() => harness.emulator.requests.length).toBe(1);
    await harness.emulator.close();
    expect(await waiting).toBe('gone');
    await harness.emulator.close();
  });

  test('have headers at once and then a body byte by byte with drip', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'drip' });
    const { call, response } = await begin(harness, LIST);
    expect(response.statusCode).toBe(200);
    const [first] = await once(response, 'data');
    expect(first.toString()).toBe(' ');
    call.destroy();
    expect((await harness.get(LIST)).status).toBe(200);
  });
});

describe('answers that come too late', () => {
  const disable = async (harness: Harness, fault: InjectedFault, patience = 30) => {
    const policy = harness.emulator.state.policies.find((it) => it.enabled);
    harness.emulator.fault(fault);
    const path = `/cas/api/v1/policies/${policy?._id}/disable/`;
    const reply = await harness.post(path, {}, { signal: AbortSignal.timeout(patience) }).catch(() => undefined);
    return { policy, reply };
  };

  test('are normal with slow', async () => {
    const harness = await startHarness();
    const { policy, reply } = await disable(harness, { kind: 'slow', delayMs: 5 }, 5_000);
    expect([reply?.status, policy?.enabled]).toEqual([200, false]);
  });

  test('are not made with slow for a client that has left', async () => {
    const harness = await startHarness();
    const { policy, reply } = await disable(harness, { kind: 'slow', delayMs: 45 });
    expect(reply).toBeUndefined();
    harness.emulator.fault({ kind: 'slow', delayMs: 45 });
    await harness.get(LIST);
    expect(policy?.enabled).toBe(true);
  });

  test('are made with late although the client has left', async () => {
    const harness = await startHarness();
    const { policy, reply } = await disable(harness, { kind: 'late', delayMs: 45 });
    expect([reply, policy?.enabled]).toEqual([undefined, true]);
    await expect.poll(() => policy?.enabled).toBe(false);
    expect(harness.emulator.requests[0]?.status).toBe(200);
  });

  test('do not keep close() from freeing the port', async () => {
    const harness = await startHarness();
    harness.emulator.fault({ kind: 'late', delayMs: 40 });
    await expectTimeout(harness, '/api/v1/policies/?limit=1').catch(() => {});
    await harness.emulator.close();
    await expect(request(harness.emulator.url)).rejects.toThrow();
  });
});

describe('queued faults', () => {
  test.each(['reset', 'status', 'empty', 'truncated', 'garbage'] as const)(
    'come after the write with `applied`: %s',
    async (kind) => {
      const harness = await startHarness();
      const alert = harness.emulator.state.alerts.find((it) => it.resolutionStatusValue === 0);
      harness.emulator.fault({ kind, applied: true });
      const body = { filters: { id: { eq: [alert?._id] } } };
      await harness.post('/api/v1/alerts/close_benign/', body).catch(() => undefined);
      expect(alert).toMatchObject({ resolutionStatusValue: 4, resolveTime: new Date(START).toISOString() });
    },
  );

  test('come in place of the write without `applied`', async () => {
    const harness = await startHarness();
    const before = structuredClone(harness.emulator.state);
    harness.emulator.fault({ kind: 'status', status: 504 });
    await harness.post('/api/v1/alerts/close_benign/', {});
    expect(harness.emulator.state).toEqual(before);
  });

  test('apply to requests that match, as often as they say, in the order in which they came', async () => {
    const harness = await startHarness();
    const { fault, clearFaults } = harness.emulator;
    fault({ kind: 'status', status: 503, times: 2, method: 'GET', path: 'alerts' });
    fault({ kind: 'status', status: 504 });
    const status = async (path: string) => (await harness.get(path)).status;
    expect((await harness.post(LIST, {})).status).toBe(504);
    expect(await status('/api/v1/policies/')).toBe(200);
    expect([await status(LIST), await status(LIST), await status(LIST)]).toEqual([503, 503, 200]);

    fault({ kind: 'status', status: 500, times: 0 });
    for (let call = 0; call < 5; call += 1) expect(await status(LIST)).toBe(500);
    clearFaults();
    expect(await status(LIST)).toBe(200);
  });

  test('come before token and throttle, and the requests are recorded', async () => {
    const harness = await startHarness({ callsPerMinute: 1 });
    harness.emulator.fault({ kind: 'status', status: 503, times: 3 });
    for (let call = 0; call < 3; call += 1) {
      expect((await request(harness.emulator.url + LIST)).status).toBe(503);
    }
    expect(harness.emulator.requests.map((it) => it.status)).toEqual([503, 503, 503]);
    expect((await harness.get(LIST)).status).toBe(200);
  });
});
