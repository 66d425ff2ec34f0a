import type { Dispatcher } from 'undici';
import { exchange, TIME_UP } from './exchange.ts';
import type { Send } from './layers.ts';
import { networkFault } from './network_fault.ts';

const LARGEST_ANSWER_BYTES = 16 * 1024 * 1024;
const CONNECT_MS = 10_000;
/** Below the 60 s after which gateways drop an idle connection; a server's own Keep-Alive hint wins. */
const KEEP_ALIVE_MS = 20_000;
const MOST_CONNECTIONS = 128;

export interface SenderOptions {
  /** `scheme://host[:port]`; nothing is ever sent anywhere else. */
  origin: string;
  /** Bound for one attempt, from connecting to the last byte, ms. */
  timeoutMs: number;
  /** Use HTTPS_PROXY and NO_PROXY of the environment. */
  proxy: boolean;
}

export interface Sender {
  readonly send: Send;
  /** Loads what sending needs, and connects to nothing. */
  warmUp(): Promise<void>;
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** The one place that meets the network. undici is loaded with the first request, so that starting stays quick. */
export function createSender(options: SenderOptions): Sender {
  const { origin, timeoutMs } = options;
  let opened: Promise<Dispatcher> | undefined;
  const opening = async () => {
    opened ??= open(options);
    return opened.catch((error) => {
      opened = undefined;
      throw error;
    });
  };
  return {
    async warmUp() {
      await opening();
    },
    async send(request) {
      const dispatcher = await opening();
      const ms = Math.min(timeoutMs, request.timeoutMs ?? timeoutMs);
      try {
        return await exchange(dispatcher, origin, request, ms);
      } catch (error) {
        throw networkFault(error, request, error === TIME_UP);
      }
    },
    async close() {
      const dispatcher = await opened?.catch(() => undefined);
      await dispatcher?.destroy();
    },
  };
}

async function open({ origin, timeoutMs, proxy }: SenderOptions): Promise<Dispatcher> {
  const connectMs = Math.min(CONNECT_MS, timeoutMs);
  const { Agent } = await import('undici');
  return new Agent({
    connections: MOST_CONNECTIONS,
    connect: (proxy && (await tunnel(origin, connectMs))) || { timeout: connectMs },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
  });
}

async function tunnel(origin: string, timeoutMs: number) {
  const { proxyOf, tunnelThrough } = await import('./tunnel.ts');
  const proxy = proxyOf(origin);
  return proxy && tunnelThrough(proxy, timeoutMs);
}
