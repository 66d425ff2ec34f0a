import { request } from 'node:http';
import { connect, type TLSSocket } from 'node:tls';
import { getProxyForUrl } from 'proxy-from-env';
import type { buildConnector } from 'undici';

/** The proxy that HTTPS_PROXY and NO_PROXY name for an origin. @throws TypeError when it is no URL */
export function proxyOf(origin: string): URL | undefined {
  const proxy = getProxyForUrl(origin);
  return proxy === '' ? undefined : new URL(proxy);
}

/** Code of an error that happened before the tunnel stood: nothing of a request has left then. */
const NO_TUNNEL = 'ERR_NO_TUNNEL';

/**
 * Connects by TLS through a proxy's CONNECT. undici's own proxy agent dials a proxy that hangs up again and again,
 * deaf to timeouts; a connector that reports its own error code makes undici fail the request at once.
 * @param timeoutMs for the tunnel and the handshake together
 */
export function tunnelThrough(proxy: URL, timeoutMs: number): buildConnector.connector {
  return ({ hostname, port, servername }, callback) => {
    const target = `${hostname}:${port || 443}`;
    const signal = AbortSignal.timeout(timeoutMs);
    const fail = (why: string) => callback(Object.assign(new Error(why), { code: NO_TUNNEL }), null);
    const headers = { host: target, ...credentialOf(proxy) };
    const asking = request({
      host: proxy.hostname,
      port: proxy.port || 80,
      method: 'CONNECT',
      path: target,
      headers,
      signal,
    });
    asking.once('error', () => fail('the proxy cannot be reached'));
    asking.once('response', () => fail('the proxy refused the tunnel'));
    asking.once('connect', ({ statusCode }, socket) => {
      if (statusCode !== 200) {
        socket.destroy();
        return fail('the proxy refused the tunnel');
      }
      const secure = connect({ socket, servername: servername || hostname, ALPNProtocols: ['http/1.1'] });
      settle(secure, signal, callback);
    });
    asking.end();
  };
}

function settle(socket: TLSSocket, signal: AbortSignal, callback: buildConnector.Callback): void {
  const stop = () => socket.destroy(new Error('no TLS through the proxy in time'));
  const failed = (error: Error) => callback(error, null);
  signal.addEventListener('abort', stop, { once: true });
  socket.once('error', failed);
  socket.once('secureConnect', () => {
    signal.removeEventListener('abort', stop);
    socket.off('error', failed);
    callback(null, socket);
  });
}

function credentialOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '') return {};
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
