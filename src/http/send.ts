import type { Dispatcher } from 'undici';
import { Fault } from '../errors.ts';
import type { ApiRequest, ApiResponse, Send } from './api.ts';

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
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** The one place that meets the network. undici is loaded with the first request, so that starting stays quick. */
export function createSender({ origin, timeoutMs, proxy }: SenderOptions): Sender {
  let opened: Promise<Dispatcher> | undefined;
  return {
    async send(request) {
      opened ??= open(timeoutMs, proxy);
      const dispatcher = await opened;
      const timeout = AbortSignal.timeout(Math.ceil(Math.min(timeoutMs, request.timeoutMs ?? timeoutMs)));
      try {
        return await exchange(dispatcher, origin, request, AbortSignal.any([request.signal, timeout]));
      } catch (error) {
        throw networkFault(error, request, timeout.aborted);
      }
    },
    async close() {
      await (await opened)?.destroy();
    },
  };
}

async function open(timeoutMs: number, proxy: boolean): Promise<Dispatcher> {
  const { Agent, EnvHttpProxyAgent } = await import('undici');
  const options = {
    connections: MOST_CONNECTIONS,
    connect: { timeout: Math.min(CONNECT_MS, timeoutMs) },
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxResponseSize: LARGEST_ANSWER_BYTES,
  };
  return proxy ? new EnvHttpProxyAgent(options) : new Agent(options);
}

/** undici follows no redirect by itself; a 3xx comes back like any other status. */
async function exchange(dispatcher: Dispatcher, origin: string, request: ApiRequest, signal: AbortSignal) {
  const { method, path, body, headers } = request;
  const response = await dispatcher.request({ origin, method, path, body: body ?? null, headers, signal });
  return {
    status: response.statusCode,
    headers: Object.fromEntries(Object.entries(response.headers).map(([name, value]) => [name, String(value)])),
    body: await response.body.text(),
  } satisfies ApiResponse;
}

/** Codes that undici or Node gives before the first byte of the request is written. */
const NEVER_LEFT =
  /^(?:UND_ERR_CONNECT_TIMEOUT|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL)$/;
const TLS = /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO/;
const TIMED_OUT = /^UND_ERR_(?:HEADERS|BODY)_TIMEOUT$/;

/** A network error in our own words: its message may hold a host, a header or a piece of the body. */
function networkFault(error: unknown, request: ApiRequest, timedOut: boolean): Fault {
  const mayHaveHappened = request.effect === 'write';
  const cause = codeOf(error);
  if (request.signal.aborted) return new Fault('cancelled', 'The call was cancelled on its way.', { mayHaveHappened });
  if (NEVER_LEFT.test(cause)) return new Fault('unreachable', `The service cannot be reached (${cause}).`);
  if (TLS.test(cause)) return new Fault('unreachable', `The service's certificate was not accepted (${cause}).`);
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
