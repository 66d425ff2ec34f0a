import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { createBudget } from '../../../src/http/budget/budget.ts';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import { createSender } from '../../../src/http/send.ts';
import { request } from '../loopback.ts';

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function portOf(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' ? (address?.port ?? 0) : 0;
}

/** One call a minute through real connections to a service that does this with each request. */
async function budgetBefore(onRequest: (socket: Socket) => void) {
  const server = createServer((socket) => {
    closers.push(() => socket.destroy());
    socket.on('error', () => {}).on('data', () => onRequest(socket));
  });
  const sender = createSender({ origin: `http://127.0.0.1:${await portOf(server)}`, timeoutMs: 500, proxy: false });
  closers.push(() => server.close());
  closers.push(() => sender.close().catch(() => {}));
  return createBudget(createLocalGate(1))(sender.send);
}

const HELD = { code: 'throttled', retryAfter: expect.toSatisfy((seconds: number) => seconds > 290 && seconds <= 301) };

test.each<[string, string, (socket: Socket) => void]>([
  ['is reset', 'connection_lost', (socket) => socket.resetAndDestroy()],
  ['is closed', 'connection_lost', (socket) => socket.end()],
  ['is never answered', 'timeout', () => {}],
  ['is half answered', 'connection_lost', (socket) => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n{')],
])('a request that %s may still be held back, so its slot is not free', async (_name, code, onRequest) => {
  const send = await budgetBefore(onRequest);
  await expect(send(request())).rejects.toMatchObject({ code });
  await expect(send(request())).rejects.toMatchObject(HELD);
});

test('a request that is cancelled on its way may still be held back, so its slot is not free', async () => {
  const cancel = new AbortController();
  const send = await budgetBefore(() => cancel.abort());
  await expect(send(request({ signal: cancel.signal }))).rejects.toMatchObject({ code: 'cancelled' });
  await expect(send(request())).rejects.toMatchObject(HELD);
});

test('a request for which no connection could be made uses up nothing', async () => {
  const closed = createServer();
  const port = await portOf(closed);
  closed.close();
  const sender = createSender({ origin: `http://127.0.0.1:${port}`, timeoutMs: 5_000, proxy: false });
  closers.push(() => sender.close().catch(() => {}));
  const send = createBudget(createLocalGate(1))(sender.send);
  for (let call = 1; call <= 3; call++) await expect(send(request())).rejects.toMatchObject({ code: 'unreachable' });
});
