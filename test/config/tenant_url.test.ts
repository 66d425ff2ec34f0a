import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isLoopback, tenantUrl } from '../../src/config/tenant_url.ts';

const HOST = 'contoso.us2.portal.cloudappsecurity.com';
const ORIGIN = `https://${HOST}`;
const ALLOWED = 'proxy.contoso.example';

const read = (pasted: string) => tenantUrl(pasted, [ALLOWED]);

describe('what a person pastes', () => {
  test.each([
    HOST,
    ORIGIN,
    `${HOST}/`,
    `${ORIGIN}/`,
    `${ORIGIN}/api`,
    `${HOST}/api/v1/`,
    `${ORIGIN}/cas`,
    `${ORIGIN}/cas/api/v1/alerts/?limit=1`,
    `${ORIGIN}/#/alerts/65a1aaaaaaaaaaaaaaaaaaaa`,
    `"${ORIGIN}"`,
    `'${HOST}/api'`,
    `<${ORIGIN}/>`,
    `  ${ORIGIN}\n`,
    `${ORIGIN}.`,
    `${HOST}./api`,
    ORIGIN.toUpperCase(),
    `${HOST}:443`,
    `//${HOST}/`,
  ])('%j means the tenant', (pasted) => {
    expect(read(pasted)).toEqual({ origin: ORIGIN });
  });

  test('keeps a port that is not the usual one', () => {
    expect(read(`${HOST}:8443/api`)).toEqual({ origin: `${ORIGIN}:8443` });
  });

  test.each(['portal.cloudappsecurity.com', 'portal.cloudappsecurity.us', 'portal.cloudappsecuritygov.com'])(
    'the cloud %s is known, with tenant, with region and bare',
    (cloud) => {
      for (const host of [cloud, `us1.${cloud}`, `contoso.us1.${cloud}`, `evil.${cloud}`]) {
        expect(read(host)).toEqual({ origin: `https://${host}` });
      }
    },
  );

  test.each(['', ' ', '""', 'https://', 'https://:443', 'http://[::1', 'not a url', 'a b.example', '\ud800', '#'])(
    '%j is no URL',
    (pasted) => {
      expect(read(pasted)).toEqual({ problem: expect.stringContaining('it looks like https://') });
    },
  );
});

describe('a host that only looks like one of the service is refused', () => {
  test.each([
    'evilportal.cloudappsecurity.com',
    'https://cloudappsecurity.com',
    'https://portal.cloudappsecurity.com.evil.com',
    'https://portal.cloudappsecurity.com%2eevil.com',
    'https://portal-cloudappsecurity.com',
    'https://portal.cloudappsecurity.co',
    'https://portal.cloudappsecuritygov.us',
    'https://evil.com/portal.cloudappsecurity.com',
    'https://evil.com?portal.cloudappsecurity.com',
    'https://evil.com#.portal.cloudappsecurity.com',
    'https://evil.com\\.portal.cloudappsecurity.com',
    'https://evil.com\\@portal.cloudappsecurity.com',
    'https:\\\\evil.com',
    'https://portal.cloudаppsecurity.com', // Cyrillic а
    'https://portal.cloudappsecurity.com\u3002evil.com', // an ideographic full stop is a dot too
    'https://169.254.169.254',
    'https://2852039166',
    'https://graph.microsoft.com',
  ])('%j', (pasted) => {
    expect(read(pasted)).toEqual({ problem: expect.stringMatching(/^names .* MDCA_ALLOW_HOSTS/) });
  });

  test.each([
    'https://.us2.portal.cloudappsecurity.com',
    'contoso..portal.cloudappsecurity.com',
    'portal.cloudappsecurity.com..',
  ])('%j lacks a name between its dots', (pasted) => {
    expect(read(pasted)).toHaveProperty('problem');
  });

  test('a character that browsers read as ASCII leads to the ASCII host only', () => {
    expect(read('https://ｐortal.cloudappsecurity。com')).toEqual({ origin: 'https://portal.cloudappsecurity.com' });
    expect(read('https://portal.cloudapp\nsecurity.com')).toEqual({ origin: 'https://portal.cloudappsecurity.com' });
  });

  test.each([
    'https://portal.cloudappsecurity.com@evil.com',
    'https://portal.cloudappsecurity.com:443@evil.com',
    'portal.cloudappsecurity.com:x@evil.com/',
    `https://user:hunter2@${HOST}`,
    `https://user@${HOST}`,
    'http://127.0.0.1@evil.com',
    `mailto:hunter2@${HOST}`,
  ])('%j holds a user name, whatever the host', (pasted) => {
    expect(read(pasted)).toEqual({ problem: 'must not contain a user name or password' });
  });

  test('for the URL of the Defender portal the error says where to find the API URL', () => {
    const portal = read('https://security.microsoft.com/cloudapps/settings?tid=1');
    expect(portal).toEqual({ problem: expect.stringContaining('Settings, Cloud Apps, System, About') });
  });
});

describe('the scheme', () => {
  test.each([
    ['http://127.0.0.1:8080/api', 'http://127.0.0.1:8080'],
    ['http://127.9.9.9', 'http://127.9.9.9'],
    ['http://0x7f.1', 'http://127.0.0.1'],
    ['localhost:3000', 'http://localhost:3000'],
    ['LOCALHOST.:3000/', 'http://localhost:3000'],
    ['[::1]:9', 'http://[::1]:9'],
    ['http://[0:0:0:0:0:0:0:1]', 'http://[::1]'],
    ['https://localhost', 'https://localhost'],
  ])('%j is loopback and may be http', (pasted, origin) => {
    expect(read(pasted)).toEqual({ origin });
    expect(isLoopback(new URL(origin).hostname)).toBe(true);
  });

  test.each([
    `http://${HOST}`,
    `http://${ALLOWED}`,
    'http://127.0.0.1.evil.com',
    'http://localhost.evil.com',
    '127.evil.com',
    'http://evil.com#127.0.0.1',
    'http://[::ffff:127.0.0.1]',
    'http://0.0.0.0',
    'http://128.0.0.1',
  ])('%j must be https', (pasted) => {
    expect(read(pasted)).toEqual({ problem: 'must be https; http is for loopback only' });
  });

  test.each([
    `ftp://${HOST}`,
    `file://${HOST}/etc/passwd`,
    'file:///etc/passwd',
    'file:/etc/passwd',
    'javascript:alert(1)',
    `javascript://${HOST}/%0aalert(1)`,
    'data:text/html,x',
    `ws://${HOST}`,
    `wss://${HOST}`,
    `blob:${ORIGIN}/x`,
    'mailto:a',
  ])('%j is refused', (pasted) => {
    expect(read(pasted)).toHaveProperty('problem');
  });
});

test('a host that the operator allows passes, and no other', () => {
  expect(read(`https://${ALLOWED.toUpperCase()}./api`)).toEqual({ origin: `https://${ALLOWED}` });
  expect(read(`${ALLOWED}:8443`)).toEqual({ origin: `https://${ALLOWED}:8443` });
  for (const host of [`x.${ALLOWED}`, `x${ALLOWED}`, `${ALLOWED}.evil.com`]) {
    expect(read(host)).toHaveProperty('problem');
  }
  expect(tenantUrl(`https://${ALLOWED}`, [])).toHaveProperty('problem');
});

describe('whatever is pasted', () => {
  const LOOPBACK = /^(?:localhost|\[::1\]|127\.\d{1,3}\.\d{1,3}\.\d{1,3})$/;
  const SERVICE = /^(?:[^.]*\.)*portal\.(?:cloudappsecurity\.(?:com|us)|cloudappsecuritygov\.com)$/;
  const piece = fc.constantFrom(
    ...'https:// http:// file:// // / \\ @ : . %2e ? # " < [ ] а 。 contoso evil.com user:pw@ :443'.split(' '),
    ...'portal.cloudappsecurity.com portal.cloudappsecurity.us localhost 127.0.0.1 127. [::1] 0x7f.1'.split(' '),
    ...[' ', '\n', '\ud800', ALLOWED],
  );
  const text = fc.oneof(
    fc.array(piece, { maxLength: 7 }).map((pieces) => pieces.join('')),
    fc.webUrl({ withFragments: true, withQueryParameters: true }),
    fc.string(),
    fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  );

  test('the result is an origin that may get the credential, or a problem', () => {
    fc.assert(
      fc.property(text, (pasted) => {
        const result = read(pasted);
        const { protocol, hostname, origin } = new URL('origin' in result ? result.origin : 'https://localhost');
        expect(result).toEqual('origin' in result ? { origin } : { problem: expect.stringMatching(/\S/) });
        expect(hostname).toSatisfy((host) => host === ALLOWED || SERVICE.test(host) || LOOPBACK.test(host));
        expect(protocol).toMatch(LOOPBACK.test(hostname) ? /^https?:$/ : /^https:$/);
      }),
      { numRuns: 3000 },
    );
  });
});
