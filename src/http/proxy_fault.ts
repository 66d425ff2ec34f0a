import { Fault, type FaultOptions } from '../core/errors.ts';
import { isCertificateCode, isTlsCode, networkCode } from './network_fault.ts';

/** Whoever else asks is refused likewise, and repeating a wrong password can lock a user out. */
const PERMANENT = 'no';

/** The proxy answered CONNECT with a status other than 2xx. @param peer what the tunnel would have led to */
export function refusedTunnel(status: number, peer = 'service'): Fault {
  if (status === 407) {
    return fault(
      'wants a user and password in HTTPS_PROXY that it knows (HTTP 407)',
      'Set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT. They are sent as Basic; a proxy that only takes NTLM or ' +
        'Kerberos needs a local proxy before it that signs in.',
      PERMANENT,
    );
  }
  if (status === 403) {
    return fault(
      `does not allow a connection to the ${peer} (HTTP 403)`,
      'Ask whoever runs the proxy to allow CONNECT to port 443 of the host of MDCA_API_URL.',
      PERMANENT,
    );
  }
  if (status >= 502 && status <= 504) {
    return fault(
      `cannot reach the ${peer} (HTTP ${status})`,
      'Try again in a minute; if it stays, check MDCA_API_URL and ask whoever runs the proxy.',
    );
  }
  return fault(
    `refused the tunnel (HTTP ${status})`,
    'Check that HTTPS_PROXY names an HTTP proxy that serves CONNECT, and ask whoever runs it.',
    status < 500 ? PERMANENT : undefined,
  );
}

/** The proxy gave no answer. @param error of undici or Node */
export function noTunnel(error: unknown): Fault {
  if (error instanceof Error && error.name === 'TimeoutError') return silentProxy();
  const code = networkCode(error);
  if (isCertificateCode(code)) {
    const remedy = 'Set NODE_EXTRA_CA_CERTS to a file with the certificate of the authority that the proxy uses.';
    return fault(`has a certificate that was not accepted (${code})`, remedy, PERMANENT);
  }
  if (isTlsCode(code)) {
    const remedy = 'If the proxy speaks plain HTTP, begin HTTPS_PROXY with http: instead of https:.';
    return fault(`made no TLS connection (${code})`, remedy);
  }
  const scheme = 'Check scheme and port in HTTPS_PROXY: a proxy that speaks TLS itself needs https:.';
  if (error instanceof Error && error.name === 'HTTPParserError') {
    return fault('did not answer in HTTP', scheme, PERMANENT);
  }
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET' || code === 'EPIPE') {
    return fault(`closed the connection (${code})`, scheme);
  }
  return fault(
    `cannot be reached (${code || 'for an unknown cause'})`,
    'Check host and port in HTTPS_PROXY, and that the proxy runs.',
  );
}

export function silentProxy(): Fault {
  return fault('did not answer in time', 'Check host and port in HTTPS_PROXY, and that the proxy is not overloaded.');
}

/** Before a tunnel stands, nothing of a request has left. */
function fault(what: string, remedy: string, retry?: FaultOptions['retry']): Fault {
  return new Fault('unreachable', `The proxy ${what}.`, { remedy, retry });
}
