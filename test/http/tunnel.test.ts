import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createNetServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { generate } from 'selfsigned';
import { ProxyAgent } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { VERSION } from '../../src/core/version.ts';
import type { ServiceRequest } from '../../src/http/layers.ts';
import { createSender } from '../../src/http/send.ts';
import { tunnelThrough } from '../../src/http/tunnel.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';
import { request } from './loopback.ts';

/** The proxies of this test connect this name to a loopback port. */
const TENANT = 'contoso.us2.portal.cloudappsecurity.com';
const VARIABLES = ['HTTPS_PROXY', 'https_proxy', 'ALL_PROXY', 'all_proxy', 'NO_PROXY', 'no_proxy'];

let directory: string;
let own: { key: string; cert: string };
beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'mdca-tunnel-'));
  const altNames = [
    { type: 2, value: 'localhost' },
    { type: 2, value: TENANT },
    { type: 7, ip: '127.0.0.1' },
  ] as const;
  const extensions = [{ name: 'subjectAltName' as const, altNames: [...altNames] }];
  const { private: key, cert } = await generate([{ name: 'commonName', value: 'test' }], { keySize: 2048, extensions });
  writeFileSync(join(directory, 'cert.pem'), cert);
  own = { key, cert };
});
afterAll(() => rmSync(directory, { recursive: true }));

const closers: (() => unknown)[] = [];
beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const close of closers.splice(0).reverse()) await close();
});

/** Listens on a free port until the test is over. */
async function listen(server: NetServer, host = '127.0.0.1'): Promise<number> {
  server.on('connection', (socket: Socket) => {
    socket.on('error', () => {});
    closers.push(() => socket.destroy());
  });
  server.listen(0, host);
  await once(server, 'listening');
  closers.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

/** A TLS server in the tenant's place; records the server name (SNI), path and headers of each request. */
async function tenant() {
  const arrivals: { name: unknown; url: string | undefined; headers: IncomingMessage['headers'] }[] = [];
  const server = createTlsServer(own, ({ url, headers, socket }, response) => {
    arrivals.push({ name: (socket as TLSSocket).servername, url, headers });
    response.end('{"data":[],"total":0}');
  });
  return { port: await listen(server), arrivals };
}

/** Turns a server into a proxy that connects every tunnel to this port; records each CONNECT. */
function tunnelTo(proxy: Server, port: number, head = 'HTTP/1.1 200 Connection established') {
  const asked: { target: string | undefined; headers: IncomingMessage['headers'] }[] = [];
  proxy.on('connect', ({ url, headers }: IncomingMessage, socket: Socket) => {
    asked.push({ target: url, headers });
    socket.on('error', () => {});
    const onward = connect(port, '127.0.0.1', () => {
      socket.write(`${head}\r\n\r\n`);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    closers.push(() => onward.destroy());
  });
  return asked;
}

function send(asked: Partial<ServiceRequest> = {}, timeoutMs = 5_000) {
  const sender = createSender({ origin: `https://${TENANT}`, timeoutMs, proxy: true });
  closers.push(() => sender.close());
  return sender.send(request({ method: 'POST', effect: 'write', body: '{}', ...asked }));
}

async function faultOf(sent: Promise<unknown>): Promise<Fault> {
  const fault = await sent.catch((error: unknown) => error);
  if (fault instanceof Fault) return fault;
  throw new Error('expected a Fault', { cause: fault });
}

/** The certificates here are self-signed. Tests that are not about certificates accept them. */
const trustAll = () => vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');

describe('a request through a proxy', () => {
  test.each([
    ['http://127.0.0.1', createServer, '127.0.0.1'],
    ['http://[::1]', createServer, '::1'],
    ['127.0.0.1', createServer, '127.0.0.1'],
    ['HTTP://127.0.0.1', createServer, '127.0.0.1'],
    ['https://localhost', () => createTlsServer(own), '127.0.0.1'],
    ['HTTPS://LOCALHOST', () => createTlsServer(own), '127.0.0.1'],
    ['https://127.0.0.1', () => createTlsServer(own), '127.0.0.1'],
    ['https://[::1]', () => createTlsServer(own), '::1'],
  ])('at %s arrives unchanged, and asks for the tenant by name', async (url, createProxy, host) => {
    trustAll();
    const { port, arrivals } = await tenant();
    const proxy = createProxy();
    const asked = tunnelTo(proxy, port);
    vi.stubEnv('HTTPS_PROXY', `${url}:${await listen(proxy, host)}`);
    await expect(send({ headers: { authorization: 'Token t' } })).resolves.toMatchObject({ status: 200 });
    expect(asked).toMatchObject([{ target: `${TENANT}:443`, headers: { host: `${TENANT}:443` } }]);
    expect(asked[0]?.headers['user-agent']).toBe(`defender-cloud-apps-mcp/${VERSION}`);
    expect(asked[0]?.headers).not.toHaveProperty('authorization');
    expect(asked[0]?.headers).not.toHaveProperty('proxy-authorization');
    expect(arrivals).toMatchObject([{ name: TENANT, url: '/api/v1/alerts/', headers: { authorization: 'Token t' } }]);
  });

  test.each(['/', '/proxy.pac', '/?a=b'])('at an URL that ends with %s arrives', async (end) => {
    trustAll();
    const { port, arrivals } = await tenant();
    const proxy = createServer();
    tunnelTo(proxy, port);
    vi.stubEnv('HTTPS_PROXY', ` http://bob:secret@127.0.0.1:${await listen(proxy)}${end} `);
    await send();
    expect(arrivals).toHaveLength(1);
  });

  test.each(['HTTP/1.0 200 OK', 'HTTP/1.1 200 OK\r\ncontent-length: 0', 'HTTP/1.1 204 Open'])(
    'whose tunnel is opened by %j arrives',
    async (head) => {
      trustAll();
      const { port, arrivals } = await tenant();
      const proxy = createServer();
      tunnelTo(proxy, port, head);
      vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
      await send();
      expect(arrivals).toHaveLength(1);
    },
  );

  test('at an https: URL is asked for nothing in clear text', async () => {
    const heard: Buffer[] = [];
    const proxy = createNetServer((socket) => void socket.on('data', (bytes) => heard.push(bytes)));
    vi.stubEnv('HTTPS_PROXY', `https://bob:secret@127.0.0.1:${await listen(proxy)}`);
    await faultOf(send({}, 300));
    const bytes = Buffer.concat(heard);
    // The first byte of a TLS handshake.
    expect(bytes[0]).toBe(0x16);
    expect(bytes.toString('latin1')).not.toMatch(/CONNECT|authorization|bob|secret/i);
    expect(bytes.toString('latin1')).not.toContain(Buffer.from('bob:secret').toString('base64'));
  });

  test.each([
    ['bob:secret', 'bob:secret'],
    ['bob', 'bob:'],
    [':secret', ':secret'],
    ['b%40b:s%3Ac%25t', 'b@b:s:c%t'],
    ['bob:100%', 'bob:100%'],
    ['bob:p%ss', 'bob:p%ss'],
    ['bob:%zz', 'bob:%zz'],
    ['bob:%40', 'bob:@'],
    ['bob:p@ss', 'bob:p@ss'],
    ['100%:x', '100%:x'],
    ['bob:%zz%41', 'bob:%zzA'],
    ['bob:%C3%A9', 'bob:é'],
  ])('gives the proxy the credential %s as %s', async (written, sent) => {
    trustAll();
    const { port, arrivals } = await tenant();
    const proxy = createServer();
    const asked = tunnelTo(proxy, port);
    vi.stubEnv('HTTPS_PROXY', `http://${written}@127.0.0.1:${await listen(proxy)}`);
    await send();
    const credential = String(asked[0]?.headers['proxy-authorization']).replace('Basic ', '');
    expect(Buffer.from(credential, 'base64').toString()).toBe(sent);
    expect(arrivals[0]?.headers).not.toHaveProperty('proxy-authorization');
  });

  test('shares its tunnel with the next request', async () => {
    trustAll();
    const { port, arrivals } = await tenant();
    const proxy = createServer();
    const asked = tunnelTo(proxy, port);
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
    const sender = createSender({ origin: `https://${TENANT}`, timeoutMs: 5_000, proxy: true });
    closers.push(() => sender.close());
    for (let call = 0; call < 6; call++) await sender.send(request());
    expect(arrivals).toHaveLength(6);
    // undici frees a connection just after its answer, so calls in close succession alternate between two.
    expect(asked.length).toBeLessThanOrEqual(2);
  });

  test('does not use the proxy where NO_PROXY excludes the tenant', async () => {
    const proxy = createServer();
    const asked = tunnelTo(proxy, 1);
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
    vi.stubEnv('NO_PROXY', '.cloudappsecurity.com');
    await expect(faultOf(send({}, 500))).resolves.toMatchObject({ mayHaveHappened: false });
    expect(asked).toEqual([]);
  });
});

test('the built server checks the certificates of tenant and proxy, each against its own name', async () => {
  const { port, arrivals } = await tenant();
  const proxy = createTlsServer(own);
  tunnelTo(proxy, port);
  const names: unknown[] = [];
  proxy.on('secureConnection', ({ servername }) => names.push(servername));
  const proxyPort = await listen(proxy);
  const environment = {
    MDCA_API_URL: `https://${TENANT}`,
    MDCA_API_TOKEN: 'token',
    HTTPS_PROXY: `https://localhost:${proxyPort}`,
  };
  const trusting = start(['check'], { ...environment, NODE_EXTRA_CA_CERTS: join(directory, 'cert.pem') });
  expect(await trusting.ended, trusting.stderr()).toBe(0);
  expect(names).toEqual(['localhost']);
  expect(arrivals).toMatchObject([{ name: TENANT }]);
  // A process that does not trust the proxy's certificate gets no further.
  const careful = start(['check'], environment);
  expect(await careful.ended).toBe(1);
  expect(careful.stdout()).toContain(
    'The proxy has a certificate that was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT).',
  );
  expect(careful.stdout()).toContain('To do: Set NODE_EXTRA_CA_CERTS');
  expect(arrivals).toHaveLength(1);
});

describe('where no tunnel can be opened, a write was not sent, and the fault says why', () => {
  async function faultAt(server: NetServer, scheme = 'http') {
    vi.stubEnv('HTTPS_PROXY', `${scheme}://bob:PLANTED@127.0.0.1:${await listen(server)}`);
    const fault = await faultOf(send({}, 1_000));
    expect(fault).toMatchObject({ code: 'unreachable', mayHaveHappened: false });
    expect(fault.detail + fault.remedy).not.toMatch(/PLANTED|127|contoso/);
    return fault.detail;
  }

  const answering = (head: string) =>
    createNetServer((socket) => void socket.once('data', () => socket.end(`${head}\r\ncontent-length: 0\r\n\r\n`)));

  const CLOSED = /^The proxy closed the connection \((?:UND_ERR_SOCKET|ECONNRESET)\)\.$/;

  test.each([
    [
      '407 Proxy Authentication Required',
      'The proxy wants a user and password in HTTPS_PROXY that it knows (HTTP 407).',
    ],
    ['403 Forbidden', 'The proxy does not allow a connection to the service (HTTP 403).'],
    ['502 Bad Gateway', 'The proxy cannot reach the service (HTTP 502).'],
    ['503 Service Unavailable', 'The proxy cannot reach the service (HTTP 503).'],
    ['504 Gateway Timeout', 'The proxy cannot reach the service (HTTP 504).'],
    ['302 Found', 'The proxy refused the tunnel (HTTP 302).'],
    ['400 Bad Request', 'The proxy refused the tunnel (HTTP 400).'],
    ['405 Method Not Allowed', 'The proxy refused the tunnel (HTTP 405).'],
    ['500 Internal Server Error', 'The proxy refused the tunnel (HTTP 500).'],
  ])('when the proxy answers %s', async (status, detail) => {
    expect(await faultAt(answering(`HTTP/1.1 ${status}`))).toBe(detail);
  });

  test.each([
    ['hangs up', createNetServer((socket) => void socket.destroy()), CLOSED],
    ['hangs up when it is asked', createNetServer((socket) => void socket.once('data', () => socket.end())), CLOSED],
    ['resets', createNetServer((socket) => void socket.once('data', () => socket.resetAndDestroy())), CLOSED],
    ['does not speak HTTP', answering('SSH-2.0'), /^The proxy did not answer in HTTP\.$/],
  ])('when the proxy %s, and it is not dialled again and again', async (_what, server, why) => {
    let calls = 0;
    server.on('connection', () => calls++);
    expect(await faultAt(server)).toMatch(why);
    expect(calls).toBe(1);
  });

  test.each([
    ['', 'The proxy did not answer in time.'],
    ['HTTP/1.1 200 OK\r\n', 'The proxy did not answer in time.'],
    ['HTTP/1.1 200 OK\r\n\r\n', 'No connection to the service could be made in time.'],
  ])('when the time is up after the proxy has said %j', async (said, detail) => {
    expect(await faultAt(createNetServer((socket) => void socket.write(said)))).toBe(detail);
  });

  test('when the call is cancelled before the proxy has answered', async () => {
    const cancel = new AbortController();
    const server = createNetServer((socket) => void socket.once('data', () => cancel.abort()));
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(server)}`);
    const fault = await faultOf(send({ signal: cancel.signal }));
    expect(fault).toMatchObject({ code: 'cancelled', mayHaveHappened: false });
  });

  test('when the tunnel is closed before TLS is up', async () => {
    const server = createServer();
    const end = createNetServer((socket) => void socket.once('data', () => socket.destroy()));
    tunnelTo(server, await listen(end));
    expect(await faultAt(server)).toMatch(/^The service cannot be reached \(/);
  });

  test.each(['', 'HTTP/1.1 200 OK\r\n'])('when the proxy sends nothing after %j', async (said) => {
    const server = createNetServer((socket) => void socket.write(said));
    const { connect: dial } = tunnelThrough(new URL(`http://127.0.0.1:${await listen(server)}`), 50);
    const way = { protocol: 'https:', hostname: TENANT, host: TENANT, port: '' };
    const fault = await new Promise((resolve) => dial(way, (...[error]) => resolve(error)));
    expect(fault).toMatchObject({ code: 'unreachable', detail: 'The proxy did not answer in time.' });
  });

  test('when nothing listens at the port of the proxy', async () => {
    const server = createNetServer();
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(server)}`);
    server.close();
    const { detail } = await faultOf(send());
    expect(detail).toBe('The proxy cannot be reached (ECONNREFUSED).');
  });

  test('when HTTPS_PROXY begins with https: and the proxy speaks no TLS', async () => {
    expect(await faultAt(createServer(), 'https')).toMatch(
      /^The proxy (?:made no TLS connection \((?:ERR_SSL_|EPROTO)|closed the connection \(ECONNRESET\))/,
    );
  });

  test.each(['socks5', 'socks4', 'socks5h', 'pac+http', 'ftp', 'SOCKS5', 'direct'])(
    'when HTTPS_PROXY begins with %s:',
    async (scheme) => {
      vi.stubEnv('HTTPS_PROXY', `${scheme}://bob:PLANTED@127.0.0.1:1`);
      const { code, detail, remedy } = await faultOf(send());
      expect(code).toBe('unreachable');
      expect(detail).toBe(`HTTPS_PROXY names a proxy for ${scheme.toLowerCase()}: where only http: and https: can be.`);
      expect(remedy).toContain('HTTPS_PROXY');
      expect(remedy).not.toContain('PLANTED');
    },
  );
});

describe('the built server', () => {
  const environment = { MDCA_API_URL: `https://${TENANT}`, MDCA_API_TOKEN: 'token' };

  test.each([
    ['HTTPS_PROXY', 'socks5://bob:PLANTED@127.0.0.1:1', /HTTPS_PROXY names a proxy for socks5: where/],
    ['https_proxy', 'pac+http://PLANTED/proxy.pac', /https_proxy names a proxy for pac\+http: where/],
    ['ALL_PROXY', 'socks4://127.0.0.1:1', /ALL_PROXY names a proxy for socks4: where/],
    ['HTTPS_PROXY', 'http://bob:PLANTED#x@127.0.0.1:1', /HTTPS_PROXY does not hold the URL of a proxy/],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a client leaves it that fills in nothing
    ['HTTPS_PROXY', '${HTTPS_PROXY}', /HTTPS_PROXY does not hold the URL of a proxy/],
  ])('does not start with a proxy that cannot be used: %s=%s', async (name, value, problem) => {
    for (const args of [[], ['check']]) {
      const running = start(args, { ...environment, [name]: value });
      running.child.stdin.end();
      expect(await running.ended, running.stderr()).toBe(2);
      expect(running.stderr()).toMatch(problem);
      expect(running.stderr().trim().split('\n')).toHaveLength(1);
      expect(running.stderr()).not.toMatch(/PLANTED|bob/);
      expect(running.stdout()).toBe('');
    }
  });

  test('tells how to sign in at a proxy, and asks it once, since a wrong password may lock the user out', async () => {
    const proxy = createServer();
    let asked = 0;
    proxy.on('connect', (_request, socket: Socket) => {
      asked++;
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const port = await listen(proxy);
    const running = start(['check'], { ...environment, HTTPS_PROXY: `http://bob:PLANTED@127.0.0.1:${port}` });
    expect(await running.ended).toBe(1);
    expect(running.stdout()).toContain('The proxy wants a user and password in HTTPS_PROXY that it knows (HTTP 407).');
    expect(running.stdout()).toContain('To do: Set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT');
    expect(running.stdout() + running.stderr()).not.toMatch(/PLANTED|bob/);
    expect(asked).toBe(1);
  });

  test('tells of a proxy that never answers, also where the time limit is short', async () => {
    const port = await listen(createNetServer());
    const limits = { HTTPS_PROXY: `http://127.0.0.1:${port}`, MDCA_REQUEST_TIMEOUT_SECONDS: '1' };
    const running = start(['check'], { ...environment, ...limits });
    expect(await running.ended).toBe(1);
    expect(running.stdout()).toContain('unreachable: The proxy did not answer in time.');
  });

  test('tells of a write for which no tunnel was opened that it never left', async () => {
    const ALERT = { _id: '65f000000000000000000002', title: 'a', resolutionStatusValue: 0 };
    const paths: (string | undefined)[] = [];
    const service = createTlsServer(own, ({ url }, response) => {
      paths.push(url);
      // Each request needs a connection of its own.
      response.setHeader('connection', 'close').end(JSON.stringify({ data: [ALERT], total: 1, hasNext: false }));
    });
    const proxy = createServer();
    tunnelTo(proxy, await listen(service));
    proxy.prependListener('connect', (_request, socket: Socket) => {
      if (paths.length > 0) socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n');
    });
    const running = start([], {
      ...environment,
      MDCA_WRITES: 'allow',
      NODE_EXTRA_CA_CERTS: join(directory, 'cert.pem'),
      HTTPS_PROXY: `http://bob:p%ss@127.0.0.1:${await listen(proxy)}`,
    });
    running.send(INITIALIZE);
    running.send(callOf(2, 'mdca_close_alert_benign', { alert_ids: [ALERT._id] }));
    await expect.poll(() => messagesOf(running).length, { timeout: 5_000 }).toBe(2);
    const said = JSON.stringify(messagesOf(running)[1]);
    expect(said).toContain('unreachable: The proxy cannot reach the service (HTTP 503).');
    expect(said).not.toMatch(/carried out|present state|unknown/);
    expect(paths).toEqual(['/api/v1/alerts/']);
    running.child.stdin.end();
    expect(await running.ended).toBe(0);
  });

  test('starts where such a proxy is not used', async () => {
    const proxy = 'socks5://127.0.0.1:1';
    const excluded = start([], { ...environment, HTTPS_PROXY: proxy, NO_PROXY: '.cloudappsecurity.com' });
    const other = start([], { ...environment, HTTPS_PROXY: 'http://127.0.0.1:1', ALL_PROXY: proxy });
    const local = start([], { ...environment, MDCA_API_URL: 'http://127.0.0.1:1', ALL_PROXY: proxy });
    const demo = start(['--demo'], { ALL_PROXY: proxy });
    for (const running of [excluded, other, local, demo]) {
      running.child.stdin.end();
      expect(await running.ended, running.stderr()).toBe(0);
    }
  });
});

describe('where the tunnel is open', () => {
  test('but the certificate at its end is not accepted, a write was not sent', async () => {
    const { port, arrivals } = await tenant();
    const proxy = createServer();
    tunnelTo(proxy, port);
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
    const fault = await faultOf(send());
    expect(fault).toMatchObject({ code: 'unreachable', mayHaveHappened: false });
    expect(fault.detail).toBe('The certificate was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT).');
    expect(arrivals).toEqual([]);
  });

  test('but nothing answers at its end, the timeout ends the call', async () => {
    const proxy = createServer();
    tunnelTo(proxy, await listen(createNetServer()));
    vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${await listen(proxy)}`);
    const began = performance.now();
    expect((await faultOf(send({}, 300))).code).toMatch(/^(?:unreachable|timeout)$/);
    expect(performance.now() - began).toBeLessThan(2_000);
  });
});

test("undici's own ProxyAgent still dials a proxy that hangs up again and again, so it cannot be used", async () => {
  let calls = 0;
  const server = createNetServer((socket) => {
    calls++;
    socket.destroy();
  });
  const agent = new ProxyAgent(`http://127.0.0.1:${await listen(server)}`);
  const sent = agent.request({ origin: `https://${TENANT}`, path: '/', method: 'GET' }).catch(() => {});
  const message = "undici's ProxyAgent no longer dials again and again: src/http/tunnel.ts may use it";
  await expect.poll(() => calls, { message }).toBeGreaterThan(10);
  await agent.destroy();
  await sent;
});
