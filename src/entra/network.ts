import type { INetworkModule, NetworkRequestOptions } from '@azure/msal-node';
import { type Fault, toFault } from '../core/errors.ts';
import { createSender, type Sender } from '../http/send.ts';
import { elsewhere, nowhere, refusal, unheard, unreadable } from './sign_in_faults.ts';

export interface NetworkOptions {
  /** The only origin that may be asked; undefined where the platform names it. */
  readonly only: string | undefined;
  /** What is asked, for errors. */
  readonly peer: string;
  readonly timeoutMs: number;
  readonly proxy: boolean;
}

/** MSAL's way to the network. It is ours, so proxy, certificates and time limits are those of every call. */
export interface Network {
  readonly module: INetworkModule;
  /** Why the last request got no answer that MSAL can read, or a refusal; MSAL's own error says less. Tells it once. */
  readonly takeFault: () => Fault | undefined;
}

/** Never repeats a request: that would hide a failure, and a call waits for it. */
export function createNetwork({ only, peer, timeoutMs, proxy }: NetworkOptions): Network {
  const senders = new Map<string, Sender>();
  let fault: Fault | undefined;
  const exchange = async (method: 'GET' | 'POST', address: string, { body, headers = {} }: NetworkRequestOptions) => {
    if (!/^https?:/i.test(address) || !URL.canParse(address)) throw nowhere(peer);
    const { origin, pathname, search } = new URL(address);
    if (only !== undefined && origin !== only) throw elsewhere(peer);
    const sender = senders.get(origin) ?? createSender({ origin, timeoutMs, proxy, peer });
    senders.set(origin, sender);
    const { signal } = new AbortController();
    const request = { method, path: pathname + search, body, headers, signal, effect: 'read' } as const;
    const response = await sender.send(request).catch((error) => {
      throw unheard(toFault(error));
    });
    const { status } = response;
    const isOfEntra = status < 300 || (status >= 400 && status < 500 && status !== 429);
    if (!isOfEntra || !isObject(response.body)) throw unreadable(peer, status, isOfEntra);
    return response;
  };
  const send = async <T>(method: 'GET' | 'POST', address: string, options: NetworkRequestOptions = {}) => {
    fault = undefined;
    try {
      const { status, headers, body } = await exchange(method, address, options);
      fault = refusalIn(body);
      return { status, headers: { ...headers }, body: parse<T>(body) };
    } catch (error) {
      fault = toFault(error);
      throw fault;
    }
  };
  return {
    module: {
      sendGetRequestAsync: (url, options) => send('GET', url, options),
      sendPostRequestAsync: (url, options) => send('POST', url, options),
    },
    takeFault: () => {
      const taken = fault;
      fault = undefined;
      return taken;
    },
  };
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** While a person is awaited, Entra answers with an error that is none. */
function refusalIn(text: string): Fault | undefined {
  const { error, error_description } = parse<Readonly<Record<string, unknown>>>(text);
  if (typeof error !== 'string' || error === 'authorization_pending') return undefined;
  return refusal(error, typeof error_description === 'string' ? error_description : '');
}

/** MSAL says what it expects, and checks it itself. */
function parse<T>(text: string): T {
  return JSON.parse(text);
}
