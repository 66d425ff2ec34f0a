import { expect, test } from 'vitest';
import { noTunnel, refusedTunnel, silentProxy } from '../../src/http/proxy_fault.ts';

const failed = (code?: string, name = 'Error') => noTunnel(Object.assign(new Error('PLANTED'), { name, code }));

const ROWS = [
  [refusedTunnel(407), 'The proxy wants a user and password in HTTPS_PROXY that it knows (HTTP 407).', 'no', /Basic/],
  [refusedTunnel(403), 'The proxy does not allow a connection to the service (HTTP 403).', 'no', /allow CONNECT/],
  [refusedTunnel(502), 'The proxy cannot reach the service (HTTP 502).', 'later', /in a minute/],
  [refusedTunnel(503), 'The proxy cannot reach the service (HTTP 503).', 'later', /in a minute/],
  [refusedTunnel(504), 'The proxy cannot reach the service (HTTP 504).', 'later', /in a minute/],
  [refusedTunnel(302), 'The proxy refused the tunnel (HTTP 302).', 'no', /serves CONNECT/],
  [refusedTunnel(499), 'The proxy refused the tunnel (HTTP 499).', 'no', /serves CONNECT/],
  [refusedTunnel(500), 'The proxy refused the tunnel (HTTP 500).', 'later', /serves CONNECT/],
  [silentProxy(), 'The proxy did not answer in time.', 'later', /host and port/],
  [failed(undefined, 'TimeoutError'), 'The proxy did not answer in time.', 'later', /host and port/],
  [
    failed('CERT_HAS_EXPIRED'),
    'The proxy has a certificate that was not accepted (CERT_HAS_EXPIRED).',
    'no',
    /EXTRA_CA/,
  ],
  [failed('EPROTO'), 'The proxy made no TLS connection (EPROTO).', 'later', /with http:/],
  [failed(undefined, 'HTTPParserError'), 'The proxy did not answer in HTTP.', 'no', /scheme and port/],
  [failed('UND_ERR_SOCKET'), 'The proxy closed the connection (UND_ERR_SOCKET).', 'later', /scheme and port/],
  [failed('ECONNRESET'), 'The proxy closed the connection (ECONNRESET).', 'later', /scheme and port/],
  [failed('EPIPE'), 'The proxy closed the connection (EPIPE).', 'later', /scheme and port/],
  [failed('ECONNREFUSED'), 'The proxy cannot be reached (ECONNREFUSED).', 'later', /the proxy runs/],
  [failed(), 'The proxy cannot be reached (for an unknown cause).', 'later', /the proxy runs/],
] as const;

test.each(ROWS)('%s', (fault, detail, retry, remedy) => {
  expect(fault).toMatchObject({ code: 'unreachable', mayHaveHappened: false, detail, retry });
  expect(fault.remedy).toMatch(remedy);
});
