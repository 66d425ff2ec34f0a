import { isObject, type JsonObject } from './json.ts';

/** The client that shows the board, reached by `postMessage` (MCP Apps, revision 2026-01-26). */
export interface Host {
  /** @throws Error with the client's own message */
  request(method: string, params: JsonObject): Promise<unknown>;
  notify(method: string, params: JsonObject): void;
}

/** What to do with notifications of the client, by method. */
export type Listeners = Readonly<Record<string, (params: JsonObject) => void>>;

/** JSON-RPC: the method does not exist. */
const METHOD_NOT_FOUND = -32601;
/** Requests of the client that need no work here. */
const ANSWERED = ['ping', 'ui/resource-teardown'];

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** Talks to the window that holds this page, and hears no other. */
export function createHost(listeners: Listeners): Host {
  const waiting = new Map<unknown, Waiting>();
  let last = 0;
  const send = (message: JsonObject) => window.parent.postMessage({ jsonrpc: '2.0', ...message }, '*');
  const answer = (id: unknown, method: string) => {
    if (ANSWERED.includes(method)) send({ id, result: {} });
    else send({ id, error: { code: METHOD_NOT_FOUND, message: `The board has no ${method}.` } });
  };
  window.addEventListener('message', ({ source, data }) => {
    if (source !== window.parent || !isObject(data) || data.jsonrpc !== '2.0') return;
    const { id, method, params, result, error } = data;
    if (typeof method === 'string') {
      if (id !== undefined) answer(id, method);
      else if (Object.hasOwn(listeners, method)) listeners[method]?.(isObject(params) ? params : {});
      return;
    }
    const request = waiting.get(id);
    waiting.delete(id);
    if (error === undefined) request?.resolve(result);
    else request?.reject(new Error(isObject(error) ? String(error.message) : 'The client refused.'));
  });
  return {
    request(method, params) {
      const id = ++last;
      send({ id, method, params });
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    notify: (method, params) => send({ method, params }),
  };
}
