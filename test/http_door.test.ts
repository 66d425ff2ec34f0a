import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../src/emulator/emulator.ts';
import { JSON_HEADERS } from './door.ts';
import { metaOf, REVISION } from './mcp/modern_wire.ts';
import { callOf, type Running, start } from './process.ts';

const folder = mkdtempSync(join(tmpdir(), 'http-'));
afterAll(() => rmSync(folder, { recursive: true }));
let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

const fileOf = (name: string, text: string) => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};
const tenant = () => ({ MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token });

/** Starts the built server, and returns it with the URL of its first log line. */
async function serve(environment: Record<string, string> = {}, args: readonly string[] = []) {
  const running = start([...args, '--http', '0'], { ...tenant(), ...environment });
  await expect.poll(() => running.stderr()).toContain('"serving"');
  const first =
    running
      .stderr()
      .split('\n')
      .find((text) => text.includes('"serving"')) ?? '';
  return { running, line: JSON.parse(first), url: String(JSON.parse(first).url) };
}

async function end(running: Running): Promise<void> {
  // A second signal would end it at once.
  if (!running.child.killed) running.child.kill('SIGTERM');
  expect(await running.ended).toBe(0);
  expect(running.stdout()).toBe('');
  for (const line of running.stderr().split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ name: 'http', version: '1.0.0' });
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  return client;
}

test('the first log line has the URL, stdout stays empty, stdin may end, and SIGTERM ends it with 0', async () => {
  const { running, line, url } = await serve();
  expect(line).toMatchObject({ level: 'info', message: 'serving', transport: 'http', url });
  expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
  running.child.stdin.end();
  const client = await connect(url);
  expect((await client.listTools()).tools.length).toBeGreaterThan(20);
  await client.close();
  await end(running);
});

test('--demo is served over HTTP, too', async () => {
  const { running, url } = await serve({}, ['--demo']);
  const client = await connect(url);
  expect(client.getInstructions()).toMatch(/^DEMO DATA/);
  await client.close();
  await end(running);
});

test('a replica without a key file says that others do not know its sessions', async () => {
  const redis = { MDCA_REDIS_URL: 'redis://127.0.0.1:9' };
  const { running: without } = await serve(redis);
  expect(without.stderr()).toContain('MDCA_SIGNING_KEY_FILE is not set');
  await end(without);
  const { running: one } = await serve();
  expect(one.stderr()).not.toContain('MDCA_SIGNING_KEY_FILE');
  await end(one);
});

test('a session goes on after a restart with the same key file', async () => {
  const environment = { MDCA_SIGNING_KEY_FILE: fileOf('key', 'k'.repeat(32)) };
  const first = await serve(environment);
  const client = await connect(first.url);
  const { sessionId } = client.transport as StreamableHTTPClientTransport;
  await end(first.running);
  const second = await serve(environment);
  const list = (url: string) =>
    fetch(url, {
      method: 'POST',
      headers: { ...JSON_HEADERS, 'mcp-session-id': String(sessionId) },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
  expect((await list(second.url)).status).toBe(200);
  await end(second.running);
  const third = await serve();
  expect((await list(third.url)).status).toBe(404);
  await end(third.running);
});

test('SIGTERM lets a call in flight be answered, and takes no further one', async () => {
  const own = await createEmulator({ callsPerMinute: 0 });
  own.fault({ kind: 'slow', delayMs: 1_000 });
  const { running, url } = await serve({ MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
  const body = JSON.stringify(callOf(1, 'mdca_get_open_alerts', { limit: 1 }));
  const call = fetch(url, { method: 'POST', headers: JSON_HEADERS, body });
  await expect.poll(() => own.requests.length).toBe(1);
  running.child.kill('SIGTERM');
  await expect
    .poll(() =>
      fetch(new URL('/healthz', url)).then(
        ({ status }) => status,
        () => 503,
      ),
    )
    .toBe(503);
  expect(await (await call).json()).toMatchObject({ id: 1, result: { structuredContent: { returned: 1 } } });
  await end(running);
  await own.close();
});

test('SIGTERM answers who waits for new alerts, with a cursor that goes on', async () => {
  const { running, url } = await serve();
  const body = JSON.stringify(callOf(1, 'mdca_wait_for_alerts', { wait_seconds: 45 }));
  const before = emulator.requests.length;
  const call = fetch(url, { method: 'POST', headers: JSON_HEADERS, body });
  // Twice: where it begins, and whether something has come since.
  await expect.poll(() => emulator.requests.length - before).toBeGreaterThanOrEqual(2);
  running.child.kill('SIGTERM');
  const structuredContent = { alerts: [], cursor: expect.any(String), has_more: false };
  expect(await (await call).json()).toMatchObject({ id: 1, result: { structuredContent } });
  await end(running);
});

test('SIGTERM answers a subscription of revision 2026-07-28, and ends its stream', async () => {
  const { running, url } = await serve();
  const method = 'subscriptions/listen';
  const params = { notifications: { resourceSubscriptions: ['mdca://alerts/open'] }, _meta: metaOf() };
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...JSON_HEADERS, 'mcp-protocol-version': REVISION, 'mcp-method': method },
    body: JSON.stringify({ jsonrpc: '2.0', id: 9, method, params }),
  });
  expect(response.status).toBe(200);
  running.child.kill('SIGTERM');
  const [acknowledged, answer] = (await response.text()).split('\n').flatMap((line) => {
    const [, json] = /^data: (.*)$/.exec(line) ?? [];
    return json === undefined ? [] : [JSON.parse(json)];
  });
  const _meta = { 'io.modelcontextprotocol/subscriptionId': 9 };
  expect(acknowledged).toMatchObject({ method: 'notifications/subscriptions/acknowledged', params: { _meta } });
  expect(answer).toMatchObject({ id: 9, result: { resultType: 'complete', _meta } });
  await end(running);
});

test('SIGTERM ends it within 10 s, whatever a call waits for', async () => {
  const own = await createEmulator({ callsPerMinute: 0 });
  own.fault({ kind: 'hang', times: 0 });
  const { running, url } = await serve({ MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
  const body = JSON.stringify(callOf(1, 'mdca_get_open_alerts'));
  fetch(url, { method: 'POST', headers: JSON_HEADERS, body }).catch(() => {});
  await expect.poll(() => own.requests.length).toBe(1);
  const asked = performance.now();
  await end(running);
  expect(performance.now() - asked).toBeLessThan(10_000);
  await own.close();
});

describe('the start is refused with 2 and the reason', () => {
  const run = async (environment: Record<string, string>) => {
    const running = start(['--log-level', 'error'], { ...tenant(), ...environment });
    const code = await running.ended;
    return { code, stdout: running.stdout(), why: JSON.parse(running.stderr()).message };
  };
  test.each([
    ['beyond loopback without sign-in', { MDCA_HTTP: '0.0.0.0:0' }, /callers must sign in/],
    [
      'a file of keys that is not there',
      { MDCA_HTTP: '0', MDCA_HTTP_TOKEN_FILE: '/nothing' },
      /MDCA_HTTP_TOKEN_FILE names a file that cannot be read/,
    ],
    ['a short signing key', { MDCA_HTTP: '0', MDCA_SIGNING_KEY_FILE: fileOf('short', 'k'.repeat(31)) }, /at least 32/],
    [
      'a short API key',
      { MDCA_HTTP: '0', MDCA_HTTP_TOKEN_FILE: fileOf('k1', `soc ${'k'.repeat(31)}`) },
      /wrong line, 1:/,
    ],
    ['a file without keys', { MDCA_HTTP: '0', MDCA_HTTP_TOKEN_FILE: fileOf('k2', '# none\n\n') }, /without a key/],
    [
      'a key twice',
      { MDCA_HTTP: '0', MDCA_HTTP_TOKEN_FILE: fileOf('k3', `a ${'k'.repeat(32)}\nb ${'k'.repeat(32)}`) },
      /wrong line, 2:/,
    ],
  ])('for %s', async (_what, environment, why) => {
    expect(await run(environment)).toEqual({ code: 2, stdout: '', why: expect.stringMatching(why) });
  });

  test('for a port in use', async () => {
    const { running, url } = await serve();
    const { code, why } = await run({ MDCA_HTTP: new URL(url).port });
    expect({ code, why }).toEqual({ code: 2, why: expect.stringMatching(/may be in use/) });
    await end(running);
  });
});
