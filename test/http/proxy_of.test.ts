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
    ['http://proxy.example:3128', 'http://proxy.example:3128/'],
    ['https://proxy.example:3128', 'https://proxy.example:3128/'],
    ['proxy.example:3128', 'http://proxy.example:3128/'],
    ['http://user:pass@proxy.example:3128', 'http://user:pass@proxy.example:3128/'],
  ])('%s is %s', (value, href) => {
    vi.stubEnv('HTTPS_PROXY', value);
    expect(proxyOf(TENANT)?.href).toBe(href);
  });

  test.each([
    ['http://:', 'HTTPS_PROXY does not hold the URL of a proxy.'],
    ['socks5://proxy.example', 'HTTPS_PROXY names a proxy for socks5: where only http: and https: can be.'],
  ])('%s is none that can be used', (value, detail) => {
    vi.stubEnv('HTTPS_PROXY', value);
    expect(() => proxyOf(TENANT)).toThrow(expect.objectContaining({ code: 'unreachable', detail }));
  });
});
