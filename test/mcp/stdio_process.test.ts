import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { callOf, INITIALIZE, messagesOf, type Running, start } from '../process.ts';
import { openIds } from '../samples.ts';
import { ASKS, metaOf, questionOf } from './modern_wire.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

const tenant = () => ({ MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token });
const answered = (running: Running, id: number) =>
  expect.poll(() => messagesOf(running).some((message) => message.id === id)).toBe(true);
const expectJsonLog = (running: Running) => {
  for (const line of running.stderr().split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
};

describe('over stdio', () => {
  test('garbage and an unknown request before initialize do no harm, and stdout holds JSON-RPC only', async () => {
    const running = start([], tenant());
    running.send('this is no JSON');
    for (const line of ['{"jsonrpc":"2.0"}', 'null', '7', '"text"', '[]', '{}', '']) running.send(line);
    running.send({ jsonrpc: '2.0', id: 7, method: 'server/discover', params: {} });
    running.send(INITIALIZE);
    running.send(callOf(2, 'mdca_get_open_alerts', { limit: 1 }));
    await answered(running, 2);
    expect(messagesOf(running).find(({ id }) => id === 7)?.error?.code).toBe(-32602);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  test('lines may come in pieces, several at once, and with the line ends of Windows', async () => {
    const running = start([], tenant());
    const call = callOf(2, 'mdca_get_öpen_alerts');
    const bytes = Buffer.from(`${JSON.stringify(INITIALIZE)}\r\n${JSON.stringify(call)}\n`);
    const cut = bytes.indexOf('ö') + 1;
    running.child.stdin.write(bytes.subarray(0, cut));
    await answered(running, 1);
    running.child.stdin.write(bytes.subarray(cut));
    await answered(running, 2);
    expect(messagesOf(running).find(({ id }) => id === 2)?.error).toMatchObject({
      message: expect.stringContaining('mdca_get_\\u00f6pen_alerts'),
    });
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  test('a line of more than 10 MiB ends the server before it fills the memory', async () => {
    const running = start([], tenant());
    running.send(INITIALIZE);
    await answered(running, 1);
    running.child.stdin.on('error', () => {}).write('x'.repeat(11 * 1024 * 1024));
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  test.each(['stdin', 'SIGTERM', 'SIGINT'] as const)('ends within 2 s of %s with a call in flight', async (how) => {
    const own = await createEmulator();
    own.fault({ kind: 'hang', times: 0 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    running.send(INITIALIZE);
    running.send(callOf(2, 'mdca_get_open_alerts'));
    await expect.poll(() => own.requests.length).toBe(1);
    const asked = performance.now();
    if (how === 'stdin') running.child.stdin.end();
    else running.child.kill(how);
    expect(await running.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2_000);
    expectJsonLog(running);
    await own.close();
  });

  test.each([0, ''])('a call of id %j that is cancelled withdraws its question to the person', async (callId) => {
    const own = await createEmulator({ callsPerMinute: 0 });
    const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token });
    const open = own.state.alerts.find((alert) => alert.resolutionStatusValue === 0 && alert.severityValue === 1);
    running.send({ ...INITIALIZE, params: { ...INITIALIZE.params, capabilities: { elicitation: {} } } });
    running.send({ ...callOf(0, 'mdca_close_alert_benign', { alert_ids: [open?._id] }), id: callId });
    const received = (method: string) =>
      messagesOf(running).find((message) => Reflect.get(message, 'method') === method);
    await expect.poll(() => received('elicitation/create')).toBeDefined();
    const id = received('elicitation/create')?.id;
    running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: callId } });
    await expect.poll(() => received('notifications/cancelled')).toMatchObject({ params: { requestId: id } });
    running.send({ jsonrpc: '2.0', id, result: { action: 'accept', content: { phrase: 'close 1' } } });
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expect(open?.resolutionStatusValue).toBe(0);
    await own.close();
  });

  test('requests that came before stdin ended are still answered', async () => {
    const running = start([], tenant());
    for (const message of [INITIALIZE, callOf(2, 'mdca_get_open_alerts', { limit: 1 })]) running.send(message);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).map(({ id }) => id)).toEqual([1, 2]);
  });

  test('a question of revision 2026-07-28 is answered at another process, if that has the same key', async () => {
    const own = await createEmulator({ callsPerMinute: 0 });
    const folder = mkdtempSync(join(tmpdir(), 'key-'));
    const key = join(folder, 'key');
    writeFileSync(key, 'k'.repeat(32));
    const environment = { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token };
    const [id] = openIds(own.state.alerts, 1);
    const call = async (env: Record<string, string>, more: object = {}) => {
      const running = start([], { ...environment, ...env });
      const params = { name: 'mdca_close_alert_benign', arguments: { alert_ids: [id] }, ...more };
      running.send({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { ...params, _meta: metaOf(ASKS) } });
      await answered(running, 1);
      running.child.stdin.end();
      expect(await running.ended).toBe(0);
      return messagesOf(running)[0] ?? {};
    };
    const signed = { MDCA_SIGNING_KEY_FILE: key };
    const { requestState, agreed } = questionOf(await call(signed));
    const again = { requestState, inputResponses: agreed };
    expect(await call({}, again)).toMatchObject({ error: { code: -32602 } });
    expect(await call(signed, again)).toMatchObject({ result: { structuredContent: { status: 'closed' } } });
    rmSync(folder, { recursive: true });
    await own.close();
  });

  test('a subscription of revision 2026-07-28 is answered on SIGTERM', async () => {
    const running = start([], tenant());
    const notifications = { resourceSubscriptions: ['mdca://alerts/open'] };
    const params = { notifications, _meta: metaOf() };
    running.send({ jsonrpc: '2.0', id: 9, method: 'subscriptions/listen', params });
    await expect.poll(() => running.stdout()).toContain('notifications/subscriptions/acknowledged');
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).at(-1)).toMatchObject({ id: 9, result: { resultType: 'complete' } });
  });

  test.each<[string, object]>([
    ['only the revision', {}],
    ['null for the rest', { 'io.modelcontextprotocol/clientCapabilities': null, progressToken: {} }],
    ['other params', { name: 7, arguments: 'x' }],
  ])('a client of an unknown revision that sends %s is told which one is served', async (_what, given) => {
    const running = start(['--demo']);
    const { name, arguments: args, ...meta } = { name: undefined, arguments: undefined, ...given };
    const _meta = { 'io.modelcontextprotocol/protocolVersion': '2099-01-01', ...meta };
    for (const [id, method] of ['server/discover', 'tools/call', 'tools/begin', 'subscriptions/listen'].entries()) {
      running.send({ jsonrpc: '2.0', id, method, params: { name, arguments: args, _meta } });
    }
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
    const data = { supported: ['2026-07-28'], requested: '2099-01-01' };
    expect(messagesOf(running)).toMatchObject([0, 1, 2, 3].map((id) => ({ id, error: { code: -32_022, data } })));
  });

  test('one connection carries both eras in turn, with the same ids', async () => {
    const running = start(['--demo']);
    const listOf = (id: number, params: object = {}) => ({ jsonrpc: '2.0', id, method: 'tools/list', params });
    running.send(INITIALIZE);
    await answered(running, 1);
    for (const [index, params] of [{ _meta: metaOf() }, {}, { _meta: metaOf() }, { _meta: {} }].entries()) {
      running.send(listOf(2, params));
      await expect.poll(() => messagesOf(running)).toHaveLength(index + 2);
    }
    const [, ...lists] = messagesOf(running);
    expect(lists.map(({ result }) => result?.resultType)).toEqual(['complete', undefined, 'complete', undefined]);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
  });

  test('a cancelled id ends every subscription that has it', async () => {
    const running = start(['--demo']);
    const params = { notifications: { resourceSubscriptions: ['mdca://alerts/open'] }, _meta: metaOf() };
    const listens = { jsonrpc: '2.0', id: 9, method: 'subscriptions/listen', params };
    for (const message of [listens, listens]) running.send(message);
    await expect.poll(() => messagesOf(running)).toHaveLength(2);
    running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 9 } });
    running.send({ ...listens, id: 10 });
    await expect.poll(() => messagesOf(running)).toHaveLength(3);
    // What is still open is answered now.
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).slice(3)).toMatchObject([{ id: 10, result: { resultType: 'complete' } }]);
  });

  test('a client that closes stdout does not make it crash', async () => {
    const running = start(['--demo']);
    running.send(INITIALIZE);
    await answered(running, 1);
    running.child.stdout.destroy();
    for (let id = 2; id < 20; id++) running.send(callOf(id, 'mdca_get_open_alerts'));
    expect(await running.ended).toBe(0);
    expectJsonLog(running);
  });

  const requests = (method: string, times: number) =>
    Array.from({ length: times }, (_, id) => `${JSON.stringify({ jsonrpc: '2.0', id, method })}\n`).join('');

  test('a client that does not read its answers is left after a while, with 1', async () => {
    const running = start([], tenant());
    running.child.stdout.pause();
    running.child.stdin.write(requests('tools/list', 1_000));
    expect(await once(running.child, 'exit')).toEqual([1, null]);
    await expect.poll(() => running.stderr()).toContain('the client does not read its answers');
    expectJsonLog(running);
    running.child.stdout.destroy();
  });

  test('a client that begins to read late gets every answer', async () => {
    const running = start([], tenant());
    running.child.stdout.pause();
    running.child.stdin.end(requests('tools/list', 1_000));
    await new Promise((resolve) => setTimeout(resolve, 50));
    running.child.stdout.resume();
    expect(await running.ended).toBe(0);
    expect(messagesOf(running).map(({ id }) => id)).toEqual(Array.from({ length: 1_000 }, (_, id) => id));
  });

  test('several servers run side by side', async () => {
    const all = [start(['--demo']), start(['--demo']), start(['--demo'])];
    for (const running of all) running.send(INITIALIZE);
    await Promise.all(all.map((running) => answered(running, 1)));
    for (const running of all) running.child.stdin.end();
    expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  });
});
