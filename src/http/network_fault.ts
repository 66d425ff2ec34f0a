import { Fault } from '../core/errors.ts';
import type { ServiceRequest } from './layers.ts';

/** Codes of undici and Node that come before the first byte of a request is written. */
const NEVER_LEFT: ReadonlySet<string> = new Set([
  'UND_ERR_CONNECT_TIMEOUT',
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
]);
const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO/;
const TLS = /^ERR_(?:TLS|SSL)/;
const TIMED_OUT = /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/;

/** A network error in our own words: its message may hold a host, a header or a piece of the body. */
export function networkFault(error: unknown, request: ServiceRequest, timedOut: boolean): Fault {
  if (error instanceof Fault) return error;
  const mayHaveHappened = request.effect === 'write';
  const cause = codeOf(error);
  if (request.signal.aborted) return new Fault('cancelled', 'The call was cancelled on its way.', { mayHaveHappened });
  if (NEVER_LEFT.has(cause)) return new Fault('unreachable', `The service cannot be reached (${cause}).`);
  if (CERTIFICATE.test(cause)) return new Fault('unreachable', `The certificate was not accepted (${cause}).`);
  if (TLS.test(cause)) return new Fault('unreachable', `No TLS connection could be made (${cause}).`);
  if (cause === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new Fault('too_large', 'The answer exceeds 16 MiB.', { mayHaveHappened });
  }
  if (timedOut || TIMED_OUT.test(cause)) {
    return new Fault('timeout', 'The service did not answer in time.', { mayHaveHappened });
  }
  return new Fault('connection_lost', 'The connection broke before the answer was complete.', { mayHaveHappened });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
