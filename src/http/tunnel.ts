import { Socket } from 'node:net';
import { unescape as unescapeLenient } from 'node:querystring';
import { getProxyForUrl } from 'proxy-from-env';
import { buildConnector, Client } from 'undici';
import { Fault } from '../core/errors.ts';

/**
 * The proxy for an origin, from HTTPS_PROXY (or ALL_PROXY; HTTP_PROXY for an http origin) and NO_PROXY.
 * @throws Fault `unreachable` if the value is not the URL of an HTTP proxy
 */
export function proxyOf(origin: string): URL | undefined {
  const value = getProxyForUrl(origin);
  if (value === '') return undefined;
  // proxy-from-env adds https:// to a value without scheme; other programs take such a proxy for an http one.
  const hasScheme = Object.values(process.env).includes(value);
  const url = hasScheme ? value : value.replace(/^https:/, 'http:');
  if (!URL.canParse(url)) throw new Fault('unreachable', 'HTTPS_PROXY does not hold the URL of a proxy.');
  const proxy = new URL(url);
  if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return proxy;
  throw new Fault('unreachable', `HTTPS_PROXY names a proxy for ${proxy.protocol} where only http: and https: can be.`);
}

/**
 * Connects to the tenant through a proxy's CONNECT tunnel. undici's own ProxyAgent is not used: when a proxy hangs up,
 * ProxyAgent passes the error unchanged to its pool, which then reconnects thousands of times a second and ignores
 * timeouts. A Fault makes the pool fail the request at once, before anything of the request is sent.
 * @param timeoutMs for the CONNECT, and again for the TLS handshake inside the tunnel
 */
export function tunnelThrough(proxy: URL, timeoutMs: number): buildConnector.connector {
  const dial = buildConnector({ timeout: timeoutMs });
  const credential = credentialOf(proxy);
  return (tenant, callback) => {
    const path = `${tenant.host}${tenant.port ? '' : ':443'}`;
    const proxyClient = new Client(proxy.origin, {
      // Otherwise undici would expect the host header's name, which is the tenant's, in the proxy's certificate.
      connect: (options, done) => dial({ ...options, servername: '' }, done),
    });
    const headers = { host: path, ...credential };
    proxyClient.connect({ path, headers, signal: AbortSignal.timeout(timeoutMs) }).then(
      ({ statusCode, socket }) => {
        if (statusCode === 200 && socket instanceof Socket) return dial({ ...tenant, httpSocket: socket }, callback);
        socket.on('error', () => {}).destroy();
        callback(refusal(statusCode), null);
      },
      (error) => callback(failure(error), null),
    );
  };
}

function refusal(status: number): Fault {
  const what = status === 407 ? 'wants a user and password in HTTPS_PROXY that it knows' : 'refused the tunnel';
  return new Fault('unreachable', `The proxy ${what} (HTTP ${status}).`);
}

function failure(error: unknown): Fault {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new Fault('unreachable', 'The proxy did not answer in time.');
  }
  const code = error instanceof Error && 'code' in error && error.code;
  return new Fault('unreachable', `The proxy cannot be reached (${code || 'for an unknown cause'}).`);
}

/** `unescape` of node:querystring keeps a % that begins no escape: passwords are often pasted without encoding. */
function credentialOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${unescapeLenient(username)}:${unescapeLenient(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
