import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { START, startHarness } from './harness.ts';

test('requests are recorded as they came', async () => {
  const { post, get, emulator } = await startHarness();
  await post('/api/v1/alerts/?a=1', { limit: 2 });
  await get('/nothing/');
  await post('/api/v1/alerts/', '{');
  expect(emulator.requests).toMatchObject([
    {
      at: START,
      method: 'POST',
      path: '/api/v1/alerts/',
      query: { a: '1' },
      body: { limit: 2 },
      rawBody: '{"limit":2}',
    },
    { method: 'GET', path: '/nothing/', status: 404, body: undefined, rawBody: '' },
    { method: 'POST', status: 400, body: undefined, rawBody: '{' },
  ]);
  expect(emulator.requests[0]?.headers.authorization).toBe(`Token ${emulator.token}`);
});

test('answers bear the time of its clock', async () => {
  const { get } = await startHarness();
  expect((await get('/api/v1/alerts/')).headers.get('date')).toBe(new Date(START).toUTCString());
});

test('a change of the state shows in the next answer', async () => {
  const { get, emulator } = await startHarness();
  emulator.state.alerts.length = 0;
  expect((await get('/api/v1/alerts/')).json).toEqual({
    data: [],
    hasNext: false,
    max: 100,
    total: 0,
    moreThanTotal: false,
  });
});

test('an IPv6 host is in brackets in the URL', async () => {
  const { get, emulator } = await startHarness({ host: '::1' });
  expect(emulator.url).toMatch(/^http:\/\/\[::1\]:\d+$/);
  expect((await get('/api/v1/alerts/?limit=1')).status).toBe(200);
});

test('a port that is taken is an error', async () => {
  const { emulator } = await startHarness();
  await expect(createEmulator({ port: Number(new URL(emulator.url).port) })).rejects.toThrow(/EADDRINUSE/);
});

test('connections are kept alive; pipelined requests are answered in order', async () => {
  const { emulator } = await startHarness();
  const socket = net.connect(Number(new URL(emulator.url).port), '127.0.0.1');
  const ask = (path: string) => `GET ${path} HTTP/1.1\r\nhost: x\r\nauthorization: Token ${emulator.token}\r\n\r\n`;
  socket.write(ask('/api/v1/alerts/x/') + ask('/api/v1/saasdb/11161/'));
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk;
  });
  await expect.poll(() => text).toContain('revised_score');
  expect(text.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 404', 'HTTP/1.1 200']);
  socket.destroy();
});

test.each([
  ['mid-body', 'POST /api/v1/alerts/ HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{"fil'],
  ['mid-header', 'POST /api/v1/alerts/ HTT'],
  ['with nonsense', '\u0000\u0001 nonsense\r\n\r\n'],
  ['before the answer', 'GET /api/v1/alerts/ HTTP/1.1\r\nhost: x\r\n\r\n'],
])('a client that disconnects %s disturbs no other', async (_name, bytes) => {
  const { emulator, get } = await startHarness();
  const socket = net.connect(Number(new URL(emulator.url).port), '127.0.0.1');
  socket.on('error', () => {});
  await once(socket, 'connect');
  socket.write(bytes, () => socket.destroy());
  await once(socket, 'close');
  expect((await get('/api/v1/alerts/?limit=1')).status).toBe(200);
});

test('with alertEvery alerts appear by themselves until the emulator is closed', async () => {
  const emulator = await createEmulator({ alertEvery: 20 });
  const before = emulator.state.alerts.length;
  await expect.poll(() => emulator.state.alerts.length).toBeGreaterThan(before + 1);
  await emulator.close();
  const after = emulator.state.alerts.length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(emulator.state.alerts).toHaveLength(after);
});
