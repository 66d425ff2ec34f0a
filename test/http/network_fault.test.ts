import { expect, test } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { networkFault } from '../../src/http/network_fault.ts';
import { request } from './loopback.ts';

const SECRET = 'PLANTED-SECRET-7f3a';
const failure = (code?: unknown) => Object.assign(new Error(`at ${SECRET}`), code === undefined ? {} : { code });
const read = request();
const write = request({ effect: 'write', method: 'POST', body: '{}' });

test.each([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
])('%s comes before anything is sent', (code) => {
  const expected = { code: 'unreachable', detail: `The service cannot be reached (${code}).`, mayHaveHappened: false };
  expect(networkFault(failure(code), read, false)).toMatchObject(expected);
  expect(networkFault(failure(code), write, true)).toMatchObject(expected);
});

test.each(['CERT_HAS_EXPIRED', 'ERR_TLS_CERT_ALTNAME_INVALID', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_GET_ISSUER'])(
  '%s is a certificate that was not accepted',
  (code) => {
    const detail = `The certificate was not accepted (${code}).`;
    const expected = { code: 'unreachable', detail, mayHaveHappened: false };
    expect(networkFault(failure(code), write, false)).toMatchObject(expected);
  },
);

test.each(['ERR_SSL_WRONG_VERSION_NUMBER', 'ERR_TLS_HANDSHAKE_TIMEOUT'])('%s is a TLS failure', (code) => {
  const detail = `No TLS connection could be made (${code}).`;
  const expected = { code: 'unreachable', detail, mayHaveHappened: false };
  expect(networkFault(failure(code), write, false)).toMatchObject(expected);
});

const LOST = 'The connection broke before the answer was complete.';
const LATE = 'The service did not answer in time.';

test.each([
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large', 'The answer exceeds 16 MiB.'],
  ['UND_ERR_HEADERS_TIMEOUT', 'timeout', LATE],
  ['UND_ERR_BODY_TIMEOUT', 'timeout', LATE],
  ['UND_ERR_SOCKET', 'connection_lost', LOST],
  ['ECONNRESET', 'connection_lost', LOST],
  ['xERR_TLS', 'connection_lost', LOST],
  ['xUND_ERR_BODY_TIMEOUT', 'connection_lost', LOST],
  ['UND_ERR_BODY_TIMEOUTx', 'connection_lost', LOST],
  [undefined, 'connection_lost', LOST],
  [7, 'connection_lost', LOST],
])('%s is %s, and a write may have been carried out', (cause, code, detail) => {
  expect(networkFault(failure(cause), read, false)).toMatchObject({ code, detail, mayHaveHappened: false });
  expect(networkFault(failure(cause), write, false)).toMatchObject({ code, detail, mayHaveHappened: true });
});

test.each([failure(), failure('ECONNRESET'), 'no error', null, undefined])('a timeout is told as one: %s', (error) => {
  const expected = { code: 'timeout', detail: LATE };
  expect(networkFault(error, write, true)).toMatchObject({ ...expected, mayHaveHappened: true });
  expect(networkFault(error, read, true)).toMatchObject({ ...expected, mayHaveHappened: false });
});

test.each(['no error', null, undefined, { code: 'ECONNREFUSED' }])('what is no error has no code: %j', (error) => {
  expect(networkFault(error, write, false)).toMatchObject({ code: 'connection_lost', mayHaveHappened: true });
});

test.each(['ECONNREFUSED', 'UND_ERR_BODY_TIMEOUT', 'CERT_HAS_EXPIRED', undefined])(
  'a cancelled call is told as such, whatever else failed (%s)',
  (code) => {
    const signal = AbortSignal.abort();
    const expected = { code: 'cancelled', detail: 'The call was cancelled on its way.' };
    expect(networkFault(failure(code), { ...read, signal }, true)).toMatchObject({
      ...expected,
      mayHaveHappened: false,
    });
    expect(networkFault(failure(code), { ...write, signal }, true)).toMatchObject({
      ...expected,
      mayHaveHappened: true,
    });
  },
);

test('a fault stays what it is', () => {
  const fault = new Fault('unreachable', 'The proxy did not answer in time.');
  expect(networkFault(fault, { ...write, signal: AbortSignal.abort() }, true)).toBe(fault);
});

test('nothing of an error message is passed on', () => {
  for (const code of ['ECONNREFUSED', 'CERT_HAS_EXPIRED', 'ERR_SSL_X', 'UND_ERR_BODY_TIMEOUT', 'ECONNRESET']) {
    const { message, detail } = networkFault(failure(code), write, false);
    expect(message + detail).not.toContain(SECRET);
  }
});
