import { expect, test } from 'vitest';
import { readConfig } from '../../src/config/config.ts';

const read = (environment: Record<string, string>) => readConfig({ flags: {}, environment, readFile: () => '' });
const KEYS = { MDCA_HTTP_TOKEN_FILE: '/keys' };
const TOKENS = { MDCA_HTTP_ISSUER: 'https://login.example/v2.0', MDCA_HTTP_AUDIENCE: 'api://mdca' };

test.each([
  ['8080', '127.0.0.1', 8080],
  ['0', '127.0.0.1', 0],
  ['localhost:1', 'localhost', 1],
  ['127.0.0.2:65535', '127.0.0.2', 65535],
  ['[::1]:80', '::1', 80],
])('%s is this machine, which needs no sign-in', (MDCA_HTTP, host, port) => {
  expect(read({ MDCA_HTTP })).toMatchObject({ value: { http: { host, port, tokens: undefined } } });
});

test.each(['0.0.0.0:80', '[::]:80', '192.0.2.1:80', 'mcp.contoso.example:80', '[::ffff:127.0.0.1]:80'])(
  '%s can be reached from elsewhere, which needs sign-in',
  (MDCA_HTTP) => {
    expect(read({ MDCA_HTTP })).toEqual({ problems: [expect.stringMatching(/callers must sign in/)] });
    expect(read({ MDCA_HTTP, ...KEYS })).toMatchObject({ value: { http: { tokenFile: '/keys' } } });
    expect(read({ MDCA_HTTP, ...TOKENS })).toMatchObject({ value: { http: { tokens: { audience: 'api://mdca' } } } });
  },
);

test('this machine behind a proxy can be reached from elsewhere, too', () => {
  const behind = { MDCA_HTTP: '80', MDCA_HTTP_BEHIND_PROXY: '127.0.0.1' };
  expect(read(behind)).toEqual({ problems: [expect.stringMatching(/callers must sign in/)] });
  expect(read({ ...behind, ...KEYS })).toMatchObject({ value: { http: { proxies: ['127.0.0.1'] } } });
});

const REFUSED: readonly (readonly [Record<string, string>, RegExp])[] = [
  [{ MDCA_HTTP: 'http://localhost:80' }, /^MDCA_HTTP must be PORT or HOST:PORT/],
  [{ MDCA_HTTP: 'localhost' }, /^MDCA_HTTP must be/],
  [{ MDCA_HTTP: '::1:80' }, /^MDCA_HTTP must be/],
  [{ MDCA_HTTP: '65536' }, /^MDCA_HTTP must have a port/],
  [{ MDCA_HTTP: '80', MDCA_HTTP_ISSUER: 'https://login.example' }, /^Set MDCA_HTTP_ISSUER and MDCA_HTTP_AUDIENCE/],
  [{ MDCA_HTTP: '80', MDCA_HTTP_AUDIENCE: 'a' }, /^Set MDCA_HTTP_ISSUER and MDCA_HTTP_AUDIENCE/],
  [{ MDCA_HTTP_ISSUER: 'http://login.example' }, /^MDCA_HTTP_ISSUER must be https/],
  [{ MDCA_HTTP_ISSUER: 'login.example' }, /^MDCA_HTTP_ISSUER must be the URL/],
  [{ MDCA_HTTP_ALLOW_ORIGINS: 'https://app.example/' }, /^MDCA_HTTP_ALLOW_ORIGINS must hold origins/],
  ...['https://mcp.contoso.example', 'mcp.contoso.example:443', 'mcp.contoso.example/mcp', '*'].map(
    (hosts) => [{ MDCA_HTTP_ALLOW_HOSTS: hosts }, /^MDCA_HTTP_ALLOW_HOSTS must hold names like/] as const,
  ),
  ...['true', 'nginx', '10.0.0.0/33', '10.0.0.0/', '300.0.0.1', '10.0.0.0/8/8', '127.0.0.1:80'].map(
    (proxies) => [{ MDCA_HTTP_BEHIND_PROXY: proxies }, /^MDCA_HTTP_BEHIND_PROXY must hold IP addresses/] as const,
  ),
  [{ MDCA_HTTP_ALLOW_ORIGINS: '*' }, /^MDCA_HTTP_ALLOW_ORIGINS must hold origins/],
];

test.each(REFUSED)('%j stops the start', (environment, problem) => {
  expect(read(environment)).toEqual({ problems: [expect.stringMatching(problem)] });
});
