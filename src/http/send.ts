import type { Dispatcher } from 'undici';
import { exchange, MAX_ANSWER_BYTES, TIME_UP } from './exchange.ts';
import type { Send, ServiceRequest } from './layers.ts';
import { networkFault } from './network_fault.ts';
import type { Tunnel } from './tunnel.ts';

const CONNECT_MS = 10_000;
/** Below the 60 s after which gateways drop an idle connection; the server's own Keep-Alive header takes precedence. */
const KEEP_ALIVE_MS = 20_000;
const MAX_CONNECTIONS = 128;

export interface SenderOptions {
  /** `scheme://host[:port]`; requests are sent to no other origin, whether directly or through a proxy. */
  origin: string;
  /** Time limit for one attempt, from connecting to the last byte, ms. */
  timeoutMs: number;
  /** Use the proxy that the environment names (HTTPS_PROXY, NO_PROXY). */
  proxy: boolean;
  /** What errors call the other side; by default the service. */
  peer?: string | undefined;
}

/** What is needed of a request to send it, to the service or to another origin. */
type Sendable = Pick<ServiceRequest, 'method' | 'body' | 'effect' | 'headers' | 'signal' | 'timeoutMs'> & {
  readonly path: string;
};

export interface Sender {
  readonly send: (request: Sendable) => ReturnType<Send>;
  /** Loads undici before the first request; opens no connection. */
  warmUp(): Promise<void>;
  /** Closes all connections at once. */
  close(): Promise<void>;
}

/** Creates the innermost Send, which uses undici. Loads undici late, with the first request, to keep the start fast. */
export function createSender(options: SenderOptions): Sender {
  const { origin, timeoutMs, peer } = options;
  let opened: Promise<Opened> | undefined;
  const ensureOpen = async () => {
    opened ??= open(options);
    return opened.catch((error) => {
      opened = undefined;
      throw error;
    });
  };
  return {
    async warmUp() {
      await ensureOpen();
    },
    async send(request) {
      const { dispatcher, tunnel } = await ensureOpen();
      const ms = Math.min(timeoutMs, request.timeoutMs ?? timeoutMs);
      let sent = false;
      try {
        return await exchange(dispatcher, origin, request, ms, () => {
          sent = true;
        });
      } catch (error) {
        const timedOut = error === TIME_UP;
        throw networkFault((timedOut && !sent && tunnel?.silence()) || error, request, { timedOut, sent, peer });
      }
    },
    async close() {
      const open = await opened?.catch(() => undefined);
      await open?.dispatcher.destroy();
    },
  };
}

interface Opened {
  readonly dispatcher: Dispatcher;
  /** If a proxy is used. */
  readonly tunnel: Tunnel | undefined;
}

async function open({ origin, timeoutMs, proxy, peer }: SenderOptions): Promise<Opened> {
  const connectMs = Math.min(CONNECT_MS, timeoutMs);
  const { Agent } = await import('undici');
  const tunnel = proxy ? await openTunnel(origin, connectMs, peer) : undefined;
  const dispatcher = new Agent({
    connections: MAX_CONNECTIONS,
    connect: tunnel?.connect ?? { timeout: connectMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: MAX_ANSWER_BYTES,
  });
  return { dispatcher, tunnel };
}

async function openTunnel(origin: string, timeoutMs: number, peer?: string): Promise<Tunnel | undefined> {
  const [{ proxyOf }, { tunnelThrough }] = await Promise.all([import('./proxy.ts'), import('./tunnel.ts')]);
  const proxy = proxyOf(origin);
  return proxy && tunnelThrough(proxy, timeoutMs, peer);
}
