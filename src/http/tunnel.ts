import { Socket } from 'node:net';
import { unescape as unescaped } from 'node:querystring';
import { getProxyForUrl } from 'proxy-from-env';
import { buildConnector, Client } from 'undici';
import { Fault } from '../core/errors.ts';

/**
 * The proxy that HTTPS_PROXY and NO_PROXY name for an origin.
 * @throws Fault unreachable when what they name is no proxy that we can speak to
 */
export function proxyOf(origin: string): URL | undefined {
  const named = getProxyForUrl(origin);
  if (named === '') return undefined;
  // proxy-from-env writes https:// before a name without a scheme, where everybody else takes it for http.
  const isWhole = Object.values(process.env).includes(named);
  const url = isWhole ? named : named.replace(/^https:/, 'http:');
  if (!URL.canParse(url)) throw new Fault('unreachable', 'HTTPS_PROXY does not hold the URL of a proxy.');
  const proxy = new URL(url);
  if (proxy.protocol === 'http:' || proxy.protocol === 'https:') return proxy;
  throw new Fault('unreachable', `HTTPS_PROXY names a proxy for ${proxy.protocol} where only http: and https: can be.`);
}

/**
 * Connects by TLS through a proxy's CONNECT, all by undici. Its own ProxyAgent is not for us: it hands the error of a
 * proxy that hangs up to its pool unchanged, which then dials again, thousands of times a second and deaf to timeouts.
 * A Fault makes the pool fail the request at once, and nothing of the request has left then.
 * @param timeoutMs for the tunnel, and again for the TLS in it
 */
export function tunnelThrough(proxy: URL, timeoutMs: number): buildConnector.connector {
  const dial = buildConnector({ timeout: timeoutMs });
  const credential = credentialOf(proxy);
  return (tenant, callback) => {
    const path = `${tenant.host}${tenant.port ? '' : ':443'}`;
    const asking = new Client(proxy.origin, {
      // undici takes the name in the host header for the one in the proxy's certificate.
      connect: (way, done) => dial({ ...way, servername: '' }, done),
    });
    const headers = { host: path, ...credential };
    asking.connect({ path, headers, signal: AbortSignal.timeout(timeoutMs) }).then(
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

/** A % that begins no escape is one itself: passwords are often pasted as they are. */
function credentialOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${unescaped(username)}:${unescaped(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
