import { Socket } from 'node:net';
import { unescape as unescapeLenient } from 'node:querystring';
import { buildConnector, Client } from 'undici';
import { USER_AGENT } from '../core/version.ts';
import { noTunnel, refusedTunnel, silentProxy } from './proxy_fault.ts';

/** A way to the tenant through a proxy. */
export interface Tunnel {
  /** For undici. It fails with a Fault, always before anything of a request is sent. */
  readonly connect: buildConnector.connector;
  /** The Fault to tell where the time is up while the proxy has been asked and has not answered. */
  readonly silence: () => ReturnType<typeof silentProxy> | undefined;
}

/**
 * Connects to the tenant through a proxy's CONNECT tunnel. undici's own ProxyAgent is not used: when a proxy hangs up,
 * ProxyAgent passes the error unchanged to its pool, which then reconnects thousands of times a second and ignores
 * timeouts. A Fault makes the pool fail the request at once, before anything of the request is sent.
 * @param timeoutMs for the CONNECT, and again for the TLS handshake inside the tunnel
 * @param peer what errors call the tenant's side
 */
export function tunnelThrough(proxy: URL, timeoutMs: number, peer?: string): Tunnel {
  const dial = buildConnector({ timeout: timeoutMs });
  const credential = credentialOf(proxy);
  let unanswered = 0;
  const ask = async (host: string) => {
    const client = new Client(proxy.origin, {
      // Otherwise undici would expect the host header's name, which is the tenant's, in the proxy's certificate.
      connect: (options, done) => dial({ ...options, servername: '' }, done),
    });
    const headers = { host, 'user-agent': USER_AGENT, ...credential };
    unanswered++;
    try {
      return await client.connect({ path: host, headers, signal: AbortSignal.timeout(timeoutMs) });
    } catch (error) {
      void client.destroy();
      throw noTunnel(error);
    } finally {
      unanswered--;
    }
  };
  return {
    silence: () => (unanswered > 0 ? silentProxy() : undefined),
    connect: (tenant, callback) => {
      ask(`${tenant.host}${tenant.port ? '' : ':443'}`).then(
        ({ statusCode, socket }) => {
          const isOpen = statusCode >= 200 && statusCode < 300;
          if (isOpen && socket instanceof Socket) return dial({ ...tenant, httpSocket: socket }, callback);
          socket.on('error', () => {}).destroy();
          callback(refusedTunnel(statusCode, peer), null);
        },
        (fault) => callback(fault, null),
      );
    },
  };
}

/** `unescape` of node:querystring keeps a % that begins no escape: passwords are often pasted without encoding. */
function credentialOf({ username, password }: URL): { 'proxy-authorization'?: string } {
  if (username === '' && password === '') return {};
  const pair = `${unescapeLenient(username)}:${unescapeLenient(password)}`;
  return { 'proxy-authorization': `Basic ${Buffer.from(pair).toString('base64')}` };
}
