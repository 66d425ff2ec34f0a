import { Fault } from '../core/errors.ts';
import type { ServiceRequest } from './layers.ts';

/** Codes of undici and Node for a failed connection attempt: nothing of the request has been sent. */
const NEVER_SENT: ReadonlySet<string> = new Set([
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

/** A network error in our own words, because its message may contain a host, a header or a part of the body. */
export function networkFault(error: unknown, request: ServiceRequest, timedOut: boolean): Fault {
  if (error instanceof Fault) return error;
  const mayHaveHappened = request.effect === 'write';
  const code = codeOf(error);
  if (request.signal.aborted) return new Fault('cancelled', 'The call was cancelled on its way.', { mayHaveHappened });
  if (NEVER_SENT.has(code)) return new Fault('unreachable', `The service cannot be reached (${code}).`);
  if (CERTIFICATE.test(code)) return new Fault('unreachable', `The certificate was not accepted (${code}).`);
  if (TLS.test(code)) return new Fault('unreachable', `No TLS connection could be made (${code}).`);
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new Fault('too_large', 'The answer exceeds 16 MiB.', { mayHaveHappened });
  }
  if (timedOut || TIMED_OUT.test(code)) {
    return new Fault('timeout', 'The service did not answer in time.', { mayHaveHappened });
  }
  return new Fault('connection_lost', 'The connection broke before the answer was complete.', { mayHaveHappened });
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}
