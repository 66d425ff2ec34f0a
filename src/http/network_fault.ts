import { Fault } from '../core/errors.ts';
import type { ServiceRequest } from './layers.ts';

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO/;
const TLS = /^(?:ERR_(?:TLS|SSL)|EPROTO$)/;
const TIMED_OUT = /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/;

interface Circumstances {
  /** The time limit of the exchange ended it. */
  readonly timedOut: boolean;
  /** A connection stood, and the request was written to it, whole or in part. */
  readonly sent: boolean;
  /** What is on the other side; by default the service. */
  readonly peer?: string | undefined;
}

type Sent = Pick<ServiceRequest, 'effect' | 'signal'>;

/** A network error in our own words, because its message may contain a host, a header or a part of the body. */
export function networkFault(
  error: unknown,
  request: Sent,
  { timedOut, sent, peer = 'service' }: Circumstances,
): Fault {
  if (error instanceof Fault) return error;
  if (request.signal.aborted) return cancelled(request, sent);
  const code = networkCode(error);
  if (!sent) return new Fault('unreachable', whyUnreachable(code, timedOut, peer));
  const mayHaveHappened = request.effect === 'write';
  if (code === 'UND_ERR_RES_EXCEEDED_MAX_SIZE') {
    return new Fault('too_large', 'The answer exceeds 16 MiB.', { mayHaveHappened });
  }
  if (timedOut || TIMED_OUT.test(code)) {
    return new Fault('timeout', `The ${peer} did not answer in time.`, { mayHaveHappened });
  }
  return new Fault('connection_lost', 'The connection broke before the answer was complete.', { mayHaveHappened });
}

function cancelled({ effect }: Sent, sent: boolean): Fault {
  if (!sent) return new Fault('cancelled', 'The call was cancelled before anything was sent.');
  return new Fault('cancelled', 'The call was cancelled on its way.', { mayHaveHappened: effect === 'write' });
}

function whyUnreachable(code: string, timedOut: boolean, peer: string): string {
  if (timedOut) return `No connection to the ${peer} could be made in time.`;
  if (isCertificateCode(code)) return `The certificate was not accepted (${code}).`;
  if (isTlsCode(code)) return `No TLS connection could be made (${code}).`;
  return `The ${peer} cannot be reached (${code || 'for an unknown cause'}).`;
}

/** The code of an error of undici or Node, else an empty text. */
export function networkCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** The certificate of the other side was not accepted. */
export function isCertificateCode(code: string): boolean {
  return CERTIFICATE.test(code);
}

/** The other side speaks no TLS, or none that we speak. */
export function isTlsCode(code: string): boolean {
  return TLS.test(code);
}
