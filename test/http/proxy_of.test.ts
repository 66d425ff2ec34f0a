import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { proxyOf } from '../../src/http/proxy.ts';

const TENANT = 'https://contoso.us2.portal.cloudappsecurity.com';
const VARIABLES = ['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]);

beforeEach(() => {
  for (const name of VARIABLES) vi.stubEnv(name, undefined);
});
afterEach(() => {
  vi.unstubAllEnvs();
});

describe('the proxy of the environment', () => {
  test('is none where nothing names one', () => {
    expect(proxyOf(TENANT)).toBeUndefined();
  });

  test('is none where the tenant is excluded', () => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128');
    vi.stubEnv('NO_PROXY', '.cloudappsecurity.com');
    expect(proxyOf(TENANT)).toBeUndefined();
    expect(proxyOf('https://other.example')?.href).toBe('http://proxy.example:3128/');
  });

  test.each([
    ['proxy.example', false],
    ['contoso.us2.portal.cloudappsecurity.com', false],
    ['.cloudappsecurity.com', false],
    ['*.cloudappsecurity.com', false],
    ['CloudAppSecurity.com', true],
    ['cloudappsecurity.com', true],
    ['*', false],
    ['localhost,  .cloudappsecurity.com', false],
    ['localhost .cloudappsecurity.com:443', false],
    ['.cloudappsecurity.com:8443', true],
    ['', true],
  ])('with NO_PROXY %j is used: %s, as by proxy-from-env', (excluded, used) => {
    vi.stubEnv('HTTPS_PROXY', 'http://proxy.example:3128');
    vi.stubEnv('NO_PROXY', excluded);
    expect(proxyOf(TENANT) !== undefined).toBe(excluded === 'proxy.example' ? true : used);
  });

  test.each([
    ['http://proxy.example:3128', 'http://proxy.example:3128/'],
    ['https://proxy.example:3128', 'https://proxy.example:3128/'],
    ['proxy.example:3128', 'http://proxy.example:3128/'],
    ['user:pass@proxy.example:3128', 'http://user:pass@proxy.example:3128/'],
    ['[::1]:3128', 'http://[::1]:3128/'],
    ['http://user:pass@proxy.example:3128', 'http://user:pass@proxy.example:3128/'],
    ['http://user@proxy.example:3128', 'http://user@proxy.example:3128/'],
    ['http://:pass@proxy.example:3128', 'http://:pass@proxy.example:3128/'],
    ['http://user:p%ss@proxy.example:3128', 'http://user:p%ss@proxy.example:3128/'],
    ['HTTPS://PROXY.example:3128', 'https://proxy.example:3128/'],
    [' http://proxy.example:3128 ', 'http://proxy.example:3128/'],
    ['http://proxy.example', 'http://proxy.example/'],
    ['https://proxy.example', 'https://proxy.example/'],
    ['http://proxy.example:3128/path?query', 'http://proxy.example:3128/path?query'],
  ])('%s is %s', (value, href) => {
    vi.stubEnv('HTTPS_PROXY', value);
    expect(proxyOf(TENANT)?.href).toBe(href);
  });

  test.each([
    [['https_proxy', 'HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'HTTP_PROXY'], 'https_proxy'],
    [['HTTPS_PROXY', 'all_proxy', 'ALL_PROXY', 'HTTP_PROXY'], 'https_proxy'],
    [['all_proxy', 'ALL_PROXY', 'HTTP_PROXY'], 'all_proxy'],
    [['ALL_PROXY', 'HTTP_PROXY'], 'all_proxy'],
    [['HTTP_PROXY'], undefined],
  ])('of %j is that of the first', (names, first) => {
    for (const name of names) vi.stubEnv(name, `http://${name}.example:3128`);
    expect(proxyOf(TENANT)?.hostname).toBe(first && `${first}.example`);
  });

  test.each([
    'http://:',
    ' ',
    'http://',
    'http://proxy.example:port',
    'socks5:proxy.example:1080',
    'http://user:pa#PLANTED@proxy.example:3128',
    'http://user:pa/PLANTED@proxy.example:3128',
    'http://user:12/PLANTED@proxy.example:3128',
    'http://user:12?PLANTED@proxy.example:3128',
    'http://user:12#PLANTED@proxy.example:3128',
    'http://user:1\\PLANTED@proxy.example:3128',
    'user:PLANTED://proxy.example:3128',
    '"http://proxy.example:3128"',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as a client leaves it that fills in nothing
    '${HTTPS_PROXY}',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: likewise
    'http://${PROXY_HOST}:3128',
  ])('%s is no URL of a proxy', (value) => {
    vi.stubEnv('HTTPS_PROXY', value);
    const detail = 'HTTPS_PROXY does not hold the URL of a proxy.';
    const remedy = expect.stringMatching(/^Set HTTPS_PROXY to (?!.*PLANTED)/);
    expect(() => proxyOf(TENANT)).toThrow(
      expect.objectContaining({ code: 'unreachable', detail, remedy, retry: 'no' }),
    );
  });

  test('that speaks something else is refused by name', () => {
    vi.stubEnv('all_proxy', 'socks5://user:PLANTED@proxy.example');
    const detail = 'all_proxy names a proxy for socks5: where only http: and https: can be.';
    expect(() => proxyOf(TENANT)).toThrow(expect.objectContaining({ code: 'unreachable', detail, retry: 'no' }));
  });
});
