import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { call, NO_SECRET, useServers } from './servers.ts';
import { AUTHORITY } from './stand_ins.ts';

const { stand, servers } = await useServers();
const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const PASSWORD = 'CanaryPassword~0123';
const BASIC = Buffer.from(`bob:${PASSWORD}`).toString('base64');

/** A proxy that connects each tunnel to the stand-in of the authority, or refuses it with a status. */
async function proxyOf(refuse?: number) {
  const asked: { target: string; authorization: string | undefined }[] = [];
  const proxy = createServer();
  proxy.on('connect', ({ url = '', headers }: IncomingMessage, socket: Socket) => {
    asked.push({ target: url, authorization: headers['proxy-authorization'] });
    socket.on('error', () => {});
    if (refuse) return void socket.end(`HTTP/1.1 ${refuse} No\r\n\r\n`);
    const onward = connect(stand.authorityPort, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
    closers.push(() => onward.destroy());
  });
  await new Promise<void>((resolve) => void proxy.listen(0, '127.0.0.1', resolve));
  closers.push(() => proxy.close());
  const url = `http://bob:${encodeURIComponent(PASSWORD)}@127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  return { asked, environment: { HTTPS_PROXY: url, AZURE_AUTHORITY_HOST: `https://${AUTHORITY}` } };
}

function expectNoPassword(text: string): void {
  for (const form of [PASSWORD, encodeURIComponent(PASSWORD), BASIC]) expect(text).not.toContain(form);
}

test('the sign-in goes through the proxy, and the proxy sees neither the secret nor a token', async () => {
  const { asked, environment } = await proxyOf();
  const server = await servers.serve({ ...environment, MDCA_LOG_LEVEL: 'debug' });
  expect(await call(server, 2, 'mdca_get_open_alerts')).toMatch(/alert/i);
  stand.revoke();
  expect(await call(server, 3, 'mdca_get_open_alerts')).toMatch(/alert/i);
  // One connection is enough for both; the service is at loopback, so its requests pass no proxy.
  expect(asked).toEqual([{ target: `${AUTHORITY}:443`, authorization: `Basic ${BASIC}` }]);
  expect(stand.asked.map(({ headers }) => headers.host)).toEqual([AUTHORITY, AUTHORITY]);
  for (const { headers } of stand.asked) expect(headers).not.toHaveProperty('proxy-authorization');
  expect(stand.issued).toHaveLength(2);
  servers.expectNoCanary(server);
  expectNoPassword(server.stdout() + server.stderr());
}, 30_000);

test.each(['NO_PROXY', 'no_proxy'])(
  'an authority that %s names is asked without the proxy',
  async (name) => {
    const { asked, environment } = await proxyOf();
    // A host that is no loopback by its name, and at which this machine answers itself.
    const own = {
      AZURE_AUTHORITY_HOST: `https://0.0.0.0:${stand.authorityPort}`,
      MDCA_ALLOW_HOSTS: '0.0.0.0',
    };
    expect(await servers.check({ ...environment, ...own })).toMatchObject({ code: 0 });
    expect(asked.map(({ target }) => target)).toEqual([`0.0.0.0:${stand.authorityPort}`]);
    expect(await servers.check({ ...environment, ...own, [name]: '0.0.0.0' })).toMatchObject({ code: 0 });
    expect(asked).toHaveLength(1);
    expect(stand.asked).toHaveLength(2);
  },
  30_000,
);

test.each([
  [407, /The proxy wants a user and password in HTTPS_PROXY that it knows \(HTTP 407\).*will fail again/s],
  [403, /The proxy does not allow a connection to the Entra authority login.microsoftonline.us \(HTTP 403\)/],
  [502, /The proxy cannot reach the Entra authority login.microsoftonline.us \(HTTP 502\).*may help after/s],
])(
  'a proxy that refuses the tunnel with HTTP %i is named, and asked once',
  async (status, why) => {
    const { asked, environment } = await proxyOf(status);
    const { code, out, err } = await servers.check(environment);
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/^FAILED: .*\nsign_in_failed: /) });
    expect(out).toMatch(why);
    expect(out).toContain('HTTPS_PROXY');
    expect(asked).toHaveLength(1);
    expect(stand.sent).toEqual([]);
    expectNoPassword(out + err);
  },
  30_000,
);

test.each([
  ['socks5://bob:CanaryPassword~0123@127.0.0.1:1', 'HTTPS_PROXY names a proxy for socks5:'],
  ['http://bob:CanaryPassword~0123#x@127.0.0.1:1', 'HTTPS_PROXY does not hold the URL of a proxy'],
])(
  'a proxy that cannot be used for the authority stops the start: %s',
  async (HTTPS_PROXY, why) => {
    for (const args of [[], ['check']]) {
      const server = servers.begin(args, { HTTPS_PROXY, AZURE_AUTHORITY_HOST: `https://${AUTHORITY}` });
      server.child.stdin.end();
      expect(await server.ended).toBe(2);
      expect(server.stderr()).toContain(why);
      expect(server.stdout()).toBe('');
      expectNoPassword(server.stderr());
    }
    // A managed identity is asked without it, and so is the authority at loopback.
    const platform = { IDENTITY_ENDPOINT: 'http://127.0.0.1:9/token', IDENTITY_HEADER: 'header' };
    const managed = { ...NO_SECRET, ...platform, AZURE_TENANT_ID: undefined, AZURE_AUTHORITY_HOST: undefined };
    expect((await servers.check({ ...managed, HTTPS_PROXY })).out).toContain(
      'managed identity of this machine, which is asked because AZURE_TENANT_ID is not set, cannot be',
    );
    expect(await servers.check({ HTTPS_PROXY })).toMatchObject({ code: 0 });
  },
  30_000,
);
