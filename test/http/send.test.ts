import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createNetServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { path } from '../../src/core/path.ts';
import type { ServiceRequest } from '../../src/http/layers.ts';
import { createSender, type SenderOptions } from '../../src/http/send.ts';
import { request } from './loopback.ts';

const MIB = 1024 * 1024;
const SECRET = 'PLANTED-SECRET-7f3a';
const PROXY_VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy'];

const closers: (() => unknown)[] = [];

beforeEach(() => {
  for (const name of PROXY_VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0).reverse()) await close();
});

/** Listens on a free loopback port until the test is over. */
async function listen(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closers.push(() => server.close());
  const address = server.address();
  return `127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

async function serve(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  const origin = `http://${await listen(server)}`;
  closers.push(() => server.closeAllConnections());
  return origin;
}

/** Listens where no HTTP is spoken. */
function listenRaw(onSocket: (socket: Socket) => void): Promise<string> {
  const server = createNetServer((socket) => {
    socket.on('error', () => {});
    closers.push(() => socket.destroy());
    onSocket(socket);
  });
  return listen(server);
}

function senderFor(origin: string, options: Partial<SenderOptions> = {}) {
  const sender = createSender({ origin, timeoutMs: 10_000, proxy: false, ...options });
  closers.push(() => sender.close().catch(() => {}));
  return sender;
}

const open = (origin: string, options?: Partial<SenderOptions>) => senderFor(origin, options).send;

/** A write with a secret in its headers and in its body. */
function write(overrides: Partial<ServiceRequest> = {}): ServiceRequest {
  const headers = { authorization: `Token ${SECRET}` };
  return request({ method: 'POST', effect: 'write', body: `{"comment":"${SECRET}"}`, headers, ...overrides });
}

/** The fault that a call ends with. @throws where it ends with an answer, or not within `ms` */
async function faultOf(sent: Promise<unknown>, ms = 5_000): Promise<Fault> {
  const ended = sent.then(
    () => 'an answer',
    (reason: unknown) => reason,
  );
  const fault = await Promise.race([ended, delay(ms, 'no end', { ref: false })]);
  if (fault instanceof Fault) return fault;
  throw new Error(`expected a Fault, got ${inspect(fault)}`);
}

describe('a request', () => {
  async function arrivalOf(asked: ServiceRequest) {
    const arrivals: unknown[] = [];
    const origin = await serve(async (req, res) => {
      const chunks = await req.toArray();
      const body = Buffer.concat(chunks).toString();
      arrivals.push({ method: req.method, url: req.url, headers: req.headers, body });
      res.end();
    });
    await open(origin)(asked);
    return { arrivals, host: new URL(origin).host };
  }

  test('arrives with its method, path, headers and body, and nothing that names a client', async () => {
    const headers = {
      accept: 'application/json',
      'content-type': 'application/json',
      authorization: 'Token t',
      x: '1',
    };
    const body = '{"comment":"é😀"}';
    const asked = request({ method: 'POST', path: path`/api/v1/alerts/${'a b/ü'}/`, body, headers });
    const { arrivals, host } = await arrivalOf(asked);
    const own = { host, connection: 'keep-alive', 'content-length': String(Buffer.byteLength(body)) };
    expect(arrivals).toEqual([
      { method: 'POST', url: '/api/v1/alerts/a%20b%2F%C3%BC/', headers: { ...headers, ...own }, body },
    ]);
  });

  test('without a body arrives without one', async () => {
    const { arrivals, host } = await arrivalOf(request());
    const headers = { host, connection: 'keep-alive' };
    expect(arrivals).toEqual([{ method: 'GET', url: '/api/v1/alerts/', headers, body: '' }]);
  });

  // undici frees a connection just after its answer, so calls in close succession alternate between two.
  test('reuses an open connection', async () => {
    const ports: unknown[] = [];
    const origin = await serve(({ socket }, res) => {
      ports.push(socket.remotePort);
      res.end('{}');
    });
    const send = open(origin);
    for (let call = 0; call < 4; call++) for (const asked of [request(), write()]) await send(asked);
    expect(ports).toHaveLength(8);
    expect(new Set(ports).size).toBeLessThanOrEqual(2);
  });
});

describe('an answer', () => {
  test.each([200, 204, 400, 401, 404, 429, 500, 503])('with HTTP %i is passed on unchanged', async (status) => {
    const body = status === 204 ? '' : '{"é":"😀"}';
    const origin = await serve((_req, res) =>
      res.writeHead(status, { 'Retry-After': '7', 'x-two': ['a', 'b'] }).end(body),
    );
    const answer = await open(origin)(request());
    expect(answer).toMatchObject({ status, body, headers: { 'retry-after': '7' } });
    expect(answer.headers['x-two']).toMatch(/^a, ?b$/);
  });

  test.each([301, 302, 303, 307, 308])('that redirects with HTTP %i is not followed', async (status) => {
    const asked: unknown[] = [];
    const origin = await serve(({ url }, res) => {
      asked.push(url);
      res.writeHead(status, { location: '/elsewhere/' }).end();
    });
    const answer = await open(origin)(write());
    expect(answer).toMatchObject({ status, headers: { location: '/elsewhere/' } });
    expect(asked).toEqual(['/api/v1/alerts/']);
  });

  test('may have a body of 16 MiB', async () => {
    const origin = await serve((_req, res) => res.end(Buffer.alloc(16 * MIB, 'a')));
    const { body } = await open(origin)(request());
    expect(body.length).toBe(16 * MIB);
  });
});

const nothing: RequestListener = () => {};
const drip: RequestListener = (_req, res) => {
  res.writeHead(200, { 'x-leak': SECRET });
  const drops = setInterval(() => res.write(SECRET), 5);
  res.on('close', () => clearInterval(drops));
};
const FAILURES: readonly [string, string, RequestListener][] = [
  ['no answer', 'timeout', nothing],
  ['a body that drips', 'timeout', drip],
  ['a reset before the answer', 'connection_lost', ({ socket }) => socket.resetAndDestroy()],
  ['an end before the answer', 'connection_lost', ({ socket }) => socket.end()],
  [
    'a reset in the body',
    'connection_lost',
    ({ socket }, res) => res.writeHead(200, { 'content-length': 100 }).write(SECRET, () => socket.resetAndDestroy()),
  ],
  [
    'an end in a body of known length',
    'connection_lost',
    ({ socket }, res) => res.writeHead(200, { 'content-length': 100 }).write(SECRET, () => socket.end()),
  ],
  ['an end in a chunked body', 'connection_lost', ({ socket }, res) => res.write(SECRET, () => socket.end())],
  ['an answer that is no HTTP', 'connection_lost', ({ socket }) => socket.end(`${SECRET}\r\n\r\n`)],
  ['an announced body of more than 16 MiB', 'too_large', (_req, res) => res.end(Buffer.alloc(16 * MIB + 1))],
  [
    'a chunked body of more than 16 MiB',
    'too_large',
    (_req, res) => res.write(Buffer.alloc(16 * MIB), () => res.end('a')),
  ],
];

describe.each(FAILURES)('%s', (name, code, answer) => {
  const timeoutMs = code === 'timeout' ? 300 : 5_000;

  test(`is ${code}`, async () => {
    const fault = await faultOf(open(await serve(answer))(request({ timeoutMs })));
    expect(fault).toMatchObject({ code, mayHaveHappened: false });
  });

  test('leaves open whether a write happened, in a fault that quotes nothing of request or answer', async () => {
    const origin = await serve(answer);
    const fault = await faultOf(open(origin)(write({ timeoutMs })));
    expect(fault, name).toMatchObject({ code, mayHaveHappened: true });
    const said = inspect(fault, { depth: 9, showHidden: true });
    for (const secret of [SECRET, '127.0.0.1', new URL(origin).port, 'authorization'])
      expect(said).not.toContain(secret);
  });
});

test("the sender's own timeout holds where it is lower than the request's", async () => {
  const send = open(await serve(drip), { timeoutMs: 1_000 });
  await expect(faultOf(send(request({ timeoutMs: 60_000 })))).resolves.toMatchObject({ code: 'timeout' });
});

describe('where no connection can be made', () => {
  const UNREACHABLE = { code: 'unreachable', mayHaveHappened: false };

  test('as at a port where nobody listens, a write has not happened', async () => {
    const server = createNetServer();
    const origin = `http://${await listen(server)}`;
    server.close();
    const fault = await faultOf(open(origin)(write()));
    expect(fault).toMatchObject(UNREACHABLE);
    expect(inspect(fault)).not.toContain(new URL(origin).port);
  });

  test.each([
    ['stays silent', () => {}],
    ['hangs up', (socket: Socket) => void socket.once('data', () => socket.end())],
    ['resets', (socket: Socket) => void socket.once('data', () => socket.resetAndDestroy())],
  ])('as by TLS to a port that %s, a write has not happened', async (_what, onSocket) => {
    const host = await listenRaw(onSocket);
    expect(await faultOf(open(`https://${host}`)(write({ timeoutMs: 300 })))).toMatchObject(UNREACHABLE);
  });

  test('as by TLS to a port that does not speak it, a write has not happened', async () => {
    const plain = await serve((_req, res) => res.end('{}'));
    expect(await faultOf(open(plain.replace('http:', 'https:'))(write()))).toMatchObject(UNREACHABLE);
  });
});

test('UTF-8 that is split inside a character is decoded whole, and without its byte order mark', async () => {
  const text = '{"title":"Größe"}';
  const bytes = Buffer.from(`\ufeff${text}`);
  const origin = await serve(async (_incoming, response) => {
    response.write(bytes.subarray(0, bytes.indexOf('ö') + 1));
    await delay(20);
    response.end(bytes.subarray(bytes.indexOf('ö') + 1));
  });
  await expect(open(origin)(request())).resolves.toMatchObject({ status: 200, body: text });
});

describe('cancellation', () => {
  test.each([
    ['read', request, false],
    ['write', write, true],
  ])('of a %s closes its connection', async (_effect, ask, mayHaveHappened) => {
    const cancel = new AbortController();
    const closed: Promise<unknown>[] = [];
    const origin = await serve(({ socket }) => {
      closed.push(once(socket, 'close'));
      cancel.abort();
    });
    const fault = await faultOf(open(origin)(ask({ signal: cancel.signal })));
    expect(fault).toMatchObject({ code: 'cancelled', mayHaveHappened });
    expect(closed).toHaveLength(1);
    await Promise.all(closed);
  });

  test('before anything was sent sends nothing', async () => {
    const asked: unknown[] = [];
    const origin = await serve(({ url }, res) => {
      asked.push(url);
      res.end();
    });
    const send = open(origin);
    await expect(faultOf(send(write({ signal: AbortSignal.abort() })))).resolves.toMatchObject({ code: 'cancelled' });
    await send(request());
    expect(asked).toHaveLength(1);
  });

  test('of a write that waits for a free connection keeps it from being sent at all', async () => {
    const held: (() => void)[] = [];
    const writes: unknown[] = [];
    const origin = await serve(({ url, method }, response) => {
      if (method === 'POST') writes.push(url);
      held.push(() => response.end('{}'));
    });
    const send = open(origin);
    const others = Array.from({ length: 128 }, () => send(request()));
    await expect.poll(() => held.length).toBe(128);
    const cancel = new AbortController();
    const sent = faultOf(send(write({ signal: cancel.signal })));
    await delay(20);
    cancel.abort();
    await expect(sent).resolves.toMatchObject({ code: 'cancelled', mayHaveHappened: false });
    for (const answer of held.splice(0)) answer();
    await Promise.all(others);
    const last = send(request());
    await expect.poll(() => held.length).toBe(1);
    held[0]?.();
    await last;
    expect(writes).toEqual([]);
  });

  test('does not wait for a connection that is being made', async () => {
    const cancel = new AbortController();
    const host = await listenRaw(() => cancel.abort());
    const sent = open(`https://${host}`)(request({ signal: cancel.signal }));
    await expect(faultOf(sent, 500)).resolves.toMatchObject({ code: 'cancelled' });
  });
});

describe('a proxy named in the environment', () => {
  const ORIGIN = 'https://contoso.invalid';
  const throughProxy = (asked: ServiceRequest) => open(ORIGIN, { proxy: true })(asked);

  /** A proxy that answers each CONNECT with this status. */
  async function refuse(status: string) {
    const connects: { target: string | undefined; headers: string[] }[] = [];
    const proxy = createServer();
    proxy.on('connect', ({ url, rawHeaders }, socket) => {
      connects.push({ target: url, headers: rawHeaders });
      socket.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\n\r\n`);
    });
    vi.stubEnv('HTTPS_PROXY', `http://${await listen(proxy)}`);
    return connects;
  }

  test('is asked for a tunnel to the tenant, and sees nothing of the request', async () => {
    const connects = await refuse('403 Forbidden');
    await faultOf(throughProxy(write()));
    expect(connects).toMatchObject([{ target: 'contoso.invalid:443' }]);
    expect(JSON.stringify(connects)).not.toMatch(new RegExp(`authorization|${SECRET}|/api/`, 'i'));
  });

  test.each(['403 Forbidden', '407 Proxy Authentication Required', '502 Bad Gateway'])(
    'that answers %s makes the tenant unreachable, so a write has not happened',
    async (status) => {
      await refuse(status);
      expect(await faultOf(throughProxy(write()))).toMatchObject({ code: 'unreachable', mayHaveHappened: false });
    },
  );

  test('that hangs up is not dialled again and again', async () => {
    let calls = 0;
    const proxy = await listenRaw((socket) => {
      calls++;
      socket.destroy();
    });
    vi.stubEnv('HTTPS_PROXY', `http://${proxy}`);
    const ended = faultOf(throughProxy(request({ timeoutMs: 50 })), 500);
    await ended.catch(() => {});
    await delay(50);
    expect(calls).toBeLessThan(10);
    await expect(ended).resolves.toMatchObject({ code: expect.stringMatching(/unreachable|connection_lost|timeout/) });
  });

  test('that stays silent does not outlast the timeout', async () => {
    vi.stubEnv('HTTPS_PROXY', `http://${await listenRaw(() => {})}`);
    const fault = await faultOf(throughProxy(request({ timeoutMs: 50 })), 500);
    expect(fault.code).toMatch(/unreachable|timeout/);
  });

  test('that stays silent does not outlast a cancellation', async () => {
    const cancel = new AbortController();
    vi.stubEnv('HTTPS_PROXY', `http://${await listenRaw(() => cancel.abort())}`);
    const sent = throughProxy(request({ signal: cancel.signal }));
    await expect(faultOf(sent, 500)).resolves.toMatchObject({ code: 'cancelled' });
  });

  test('that is no URL makes the tenant unreachable, and the sender can still be closed', async () => {
    vi.stubEnv('HTTPS_PROXY', 'no url');
    const { send, close } = senderFor(ORIGIN, { proxy: true });
    await expect(faultOf(send(request()))).resolves.toMatchObject({ code: 'unreachable' });
    await expect(close()).resolves.toBeUndefined();
  });

  test('is not used where the sender has `proxy: false`', async () => {
    const connects = await refuse('403 Forbidden');
    vi.stubEnv('HTTP_PROXY', process.env.HTTPS_PROXY);
    const origin = await serve((_req, res) => res.end('{}'));
    await expect(open(origin, { proxy: false })(request())).resolves.toMatchObject({ status: 200 });
    expect(connects).toEqual([]);
  });
});

test('a sender that is closed ends what is on its way', async () => {
  let arrived = 0;
  const { send, close } = senderFor(await serve(() => void arrived++));
  const sent = faultOf(send(request()));
  await expect.poll(() => arrived).toBe(1);
  await close();
  expect(await sent).toMatchObject({ code: 'connection_lost' });
});

describe('a sender that warms up', () => {
  test('connects to nothing', async () => {
    let connections = 0;
    const address = await listenRaw(() => connections++);
    await expect(senderFor(`http://${address}`).warmUp()).resolves.toBeUndefined();
    expect(connections).toBe(0);
  });

  test('tells at once what is wrong with the proxy', async () => {
    vi.stubEnv('HTTPS_PROXY', 'http://:');
    await expect(senderFor('https://tenant.example', { proxy: true }).warmUp()).rejects.toMatchObject({
      code: 'unreachable',
      detail: 'HTTPS_PROXY does not hold the URL of a proxy.',
    });
  });
});

test('a sender that was never used can be closed', async () => {
  await expect(
    createSender({ origin: 'http://127.0.0.1', timeoutMs: 1_000, proxy: false }).close(),
  ).resolves.toBeUndefined();
});

test('a request that has been answered leaves no listener on the signal of its call', async () => {
  const origin = await serve((_incoming, response) => response.end('{}'));
  const send = open(origin);
  const { signal } = new AbortController();
  for (let n = 0; n < 3; n++) await send(request({ signal }));
  await delay(0);
  expect(getEventListeners(signal, 'abort')).toEqual([]);
});
