import { request } from 'node:http';
import { expect, test } from 'vitest';
import { JSON_HEADERS, withDoor } from '../../door.ts';

const LIST = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' });
const ROUTES = [
  ['GET', '/'],
  ['GET', '/healthz'],
  ['POST', '/mcp'],
  ['GET', '/mcp'],
  ['DELETE', '/mcp'],
  ['OPTIONS', '/mcp'],
  ['GET', '/.well-known/oauth-protected-resource'],
  ['GET', '/.well-known/oauth-protected-resource/mcp'],
  ['GET', '/nothing'],
] as const;

/** Sends a request as it is, because `fetch` sets the header Host itself. */
function send(url: string, method: string, path: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, url), { method, headers: { ...JSON_HEADERS, ...headers } }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject).end(method === 'POST' ? LIST : undefined);
  });
}

const FORGED: readonly [string, Record<string, string>][] = [
  ['a host that resolves to loopback', { host: 'evil.example' }],
  ['a host that begins like loopback', { host: '127.0.0.1.evil.example' }],
  ['a host that ends like loopback', { host: 'evil-localhost' }],
  ['a foreign origin', { origin: 'https://evil.example' }],
  ['the origin of a file', { origin: 'null' }],
  ['an origin that begins like loopback', { origin: 'http://localhost.evil.example' }],
  ['an origin with a path', { origin: 'http://localhost/' }],
  ['an origin of another scheme', { origin: 'chrome-extension://localhost' }],
  ['a host that only a proxy would forward', { host: 'evil.example', 'x-forwarded-host': 'localhost' }],
];

test.each(ROUTES)('%s %s with a forged host or a foreign origin is 403', (method, path) =>
  withDoor(async ({ url, emulator, logged }) => {
    for (const [what, headers] of FORGED) expect(await send(url, method, path, headers), what).toBe(403);
    expect(emulator.requests).toEqual([]);
    expect(logged.join()).not.toContain('evil');
  }),
);

test('a whole URL in the first line counts like the header Host', () =>
  withDoor(async ({ url }) => {
    const statusOf = (path: string) =>
      new Promise((resolve, reject) => {
        const { hostname, port } = new URL(url);
        request({ hostname, port, path }, (answer) => answer.resume().on('end', () => resolve(answer.statusCode)))
          .on('error', reject)
          .end();
      });
    expect(await statusOf('http://evil.example/healthz')).toBe(403);
    expect(await statusOf('http://localhost@evil.example/healthz')).toBeOneOf([400, 403]);
    expect(await statusOf('http://localhost/healthz')).toBe(200);
  }));

test('a host that cannot be one is refused before any route', () =>
  withDoor(async ({ url }) => {
    for (const host of ['localhost@evil.example', 'a b', 'localhost:x', '[::1']) {
      expect([400, 403]).toContain(await send(url, 'POST', '/mcp', { host }));
    }
  }));

const ALLOWED: readonly [Record<string, string>, number][] = [
  [{ host: 'localhost:9' }, 200],
  [{ host: '[::1]:9' }, 200],
  [{ host: '127.0.0.1' }, 200],
  [{ host: 'mcp.contoso.example' }, 200],
  [{ host: 'MCP.contoso.example:443' }, 200],
  [{ host: 'other.contoso.example' }, 403],
  [{ origin: 'http://localhost:5173' }, 200],
  [{ origin: 'https://app.contoso.example' }, 200],
  [{ origin: 'http://app.contoso.example' }, 403],
  [{ origin: 'https://mcp.contoso.example' }, 403],
];

test('further hosts and origins can be allowed', () =>
  withDoor(
    async ({ url }) => {
      for (const [headers, status] of ALLOWED) {
        expect(await send(url, 'POST', '/mcp', headers), JSON.stringify(headers)).toBe(status);
      }
    },
    {
      environment: {
        MDCA_HTTP_ALLOW_HOSTS: 'mcp.contoso.example',
        MDCA_HTTP_ALLOW_ORIGINS: 'https://app.contoso.example',
      },
    },
  ));

test('an allowed origin may read the answer, and what it may send is told beforehand; no other origin is told', () =>
  withDoor(async ({ url }) => {
    const origin = 'http://localhost:5173';
    const asks = {
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'mcp-session-id,authorization',
    };
    const preflight = await fetch(url, { method: 'OPTIONS', headers: { origin, ...asks } });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin);
    expect(preflight.headers.get('access-control-allow-headers')).toBe('mcp-session-id,authorization');
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull();
    const answer = await fetch(url, { method: 'POST', headers: { ...JSON_HEADERS, origin }, body: LIST });
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin);
    expect(answer.headers.get('access-control-expose-headers')).toMatch(/mcp-session-id/i);
    const plain = await fetch(url, { method: 'POST', headers: JSON_HEADERS, body: LIST });
    expect(plain.headers.get('access-control-allow-origin')).toBeNull();
  }));

test('forwarded headers of the proxy are believed, those of others are not', async () => {
  const forwarded = { host: 'inner', 'x-forwarded-host': 'mcp.contoso.example', 'x-forwarded-proto': 'https' };
  const hosts = { MDCA_HTTP_ALLOW_HOSTS: 'mcp.contoso.example' };
  const signIn = async () => ({ id: 'a', name: 'a', mayWrite: true });
  const behind = { MDCA_HTTP_BEHIND_PROXY: '127.0.0.1', MDCA_HTTP_TOKEN_FILE: 'f' };
  const page = (url: string) =>
    new Promise<string>((resolve) => {
      request(new URL('/', url), { headers: forwarded }, (answer) => {
        let text = '';
        answer.on('data', (chunk) => (text += chunk)).on('end', () => resolve(text));
      }).end();
    });
  await withDoor(async ({ url }) => expect(await page(url)).toContain('https://mcp.contoso.example/mcp'), {
    environment: { ...hosts, ...behind },
    signIn,
  });
  await withDoor(async ({ url }) => expect(await page(url)).toContain('https://mcp.contoso.example/mcp'), {
    environment: { ...hosts, ...behind, MDCA_HTTP_BEHIND_PROXY: '::1 192.0.2.1,127.0.0.0/8' },
    signIn,
  });
  await withDoor(async ({ url }) => expect(await send(url, 'GET', '/', forwarded)).toBe(403), {
    environment: { ...hosts, ...behind, MDCA_HTTP_BEHIND_PROXY: '192.0.2.1 10.0.0.0/8' },
    signIn,
  });
  await withDoor(async ({ url }) => expect(await send(url, 'GET', '/', forwarded)).toBe(403), { environment: hosts });
});
