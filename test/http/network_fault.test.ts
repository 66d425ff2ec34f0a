import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { networkFault } from '../../src/http/network_fault.ts';
import { request } from './loopback.ts';

const SECRET = 'PLANTED-SECRET-7f3a';
const failure = (code?: unknown) => Object.assign(new Error(`at ${SECRET}`), code === undefined ? {} : { code });
const read = request();
const write = request({ effect: 'write', method: 'POST', body: '{}' });

const unsent = (timedOut = false) => ({ timedOut, sent: false });
const sent = (timedOut = false) => ({ timedOut, sent: true });

describe('where no connection stood, nothing was sent', () => {
  test.each([
    ['ECONNREFUSED', 'The service cannot be reached (ECONNREFUSED).'],
    ['UND_ERR_CONNECT_TIMEOUT', 'The service cannot be reached (UND_ERR_CONNECT_TIMEOUT).'],
    ['ECONNRESET', 'The service cannot be reached (ECONNRESET).'],
    ['UND_ERR_SOCKET', 'The service cannot be reached (UND_ERR_SOCKET).'],
    [undefined, 'The service cannot be reached (for an unknown cause).'],
    [7, 'The service cannot be reached (for an unknown cause).'],
    ['CERT_HAS_EXPIRED', 'The certificate was not accepted (CERT_HAS_EXPIRED).'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'The certificate was not accepted (ERR_TLS_CERT_ALTNAME_INVALID).'],
    ['DEPTH_ZERO_SELF_SIGNED_CERT', 'The certificate was not accepted (DEPTH_ZERO_SELF_SIGNED_CERT).'],
    ['UNABLE_TO_GET_ISSUER', 'The certificate was not accepted (UNABLE_TO_GET_ISSUER).'],
    ['ERR_SSL_WRONG_VERSION_NUMBER', 'No TLS connection could be made (ERR_SSL_WRONG_VERSION_NUMBER).'],
    ['ERR_TLS_HANDSHAKE_TIMEOUT', 'No TLS connection could be made (ERR_TLS_HANDSHAKE_TIMEOUT).'],
    ['EPROTO', 'No TLS connection could be made (EPROTO).'],
    ['EPROTOTYPE', 'The service cannot be reached (EPROTOTYPE).'],
    ['xERR_TLS', 'The service cannot be reached (xERR_TLS).'],
  ])('%s', (code, detail) => {
    const expected = { code: 'unreachable', detail, mayHaveHappened: false };
    for (const request of [read, write]) expect(networkFault(failure(code), request, unsent())).toMatchObject(expected);
  });

  test('the time limit', () => {
    const detail = 'No connection to the service could be made in time.';
    const expected = { code: 'unreachable', detail, mayHaveHappened: false };
    expect(networkFault(failure('ECONNRESET'), write, unsent(true))).toMatchObject(expected);
  });

  test('a cancelled call', () => {
    const signal = AbortSignal.abort();
    const detail = 'The call was cancelled before anything was sent.';
    const expected = { code: 'cancelled', detail, mayHaveHappened: false };
    expect(networkFault(failure('ECONNRESET'), { ...write, signal }, unsent(true))).toMatchObject(expected);
  });
});

const LOST = 'The connection broke before the answer was complete.';
const LATE = 'The service did not answer in time.';

test.each([
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large', 'The answer exceeds 16 MiB.'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', LATE],
  ['UND_ERR_BODY_TIMEOUT', 'timeout', LATE],
  ['UND_ERR_SOCKET', 'connection_lost', LOST],
  ['ECONNRESET', 'connection_lost', LOST],
  // A server may refuse a client's certificate after it has read the request.
  ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'connection_lost', LOST],
  ['ERR_SSL_SSLV3_ALERT_BAD_RECORD_MAC', 'connection_lost', LOST],
  ['xUND_ERR_BODY_TIMEOUT', 'connection_lost', LOST],
  ['UND_ERR_BODY_TIMEOUTx', 'connection_lost', LOST],
  [undefined, 'connection_lost', LOST],
  [7, 'connection_lost', LOST],
])('%s after a write was sent is %s, and it may have been carried out', (cause, code, detail) => {
  expect(networkFault(failure(cause), read, sent())).toMatchObject({ code, detail, mayHaveHappened: false });
  expect(networkFault(failure(cause), write, sent())).toMatchObject({ code, detail, mayHaveHappened: true });
});

test.each([failure(), failure('ECONNRESET'), 'no error', null, undefined])('a timeout is told as one: %s', (error) => {
  const expected = { code: 'timeout', detail: LATE };
  expect(networkFault(error, write, sent(true))).toMatchObject({ ...expected, mayHaveHappened: true });
  expect(networkFault(error, read, sent(true))).toMatchObject({ ...expected, mayHaveHappened: false });
});

test.each(['no error', null, undefined, { code: 'ECONNREFUSED' }])('what is no error has no code: %j', (error) => {
  expect(networkFault(error, write, sent())).toMatchObject({ code: 'connection_lost', mayHaveHappened: true });
});

test.each(['ECONNREFUSED', 'UND_ERR_BODY_TIMEOUT', 'CERT_HAS_EXPIRED', undefined])(
  'a cancelled call is told as such, whatever else failed (%s)',
  (code) => {
    const signal = AbortSignal.abort();
    const expected = { code: 'cancelled', detail: 'The call was cancelled on its way.' };
    expect(networkFault(failure(code), { ...read, signal }, sent(true))).toMatchObject({
      ...expected,
      mayHaveHappened: false,
    });
    expect(networkFault(failure(code), { ...write, signal }, sent(true))).toMatchObject({
      ...expected,
      mayHaveHappened: true,
    });
  },
);

test('a fault stays what it is', () => {
  const fault = new Fault('unreachable', 'The proxy did not answer in time.');
  expect(networkFault(fault, { ...write, signal: AbortSignal.abort() }, unsent(true))).toBe(fault);
});

test('nothing of an error message is passed on', () => {
  for (const code of ['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ERR_SSL_X', 'UND_ERR_BODY_TIMEOUT', 'ECONNRESET']) {
    for (const circumstances of [unsent(), sent()]) {
      const { message, detail } = networkFault(failure(code), write, circumstances);
      expect(message + detail).not.toContain(SECRET);
    }
  }
});
