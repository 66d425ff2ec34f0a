import { isObject, type JsonObject } from '../../json_object.ts';
import { awaitedId, cancelledId, errorAnswer, type Id } from '../../json_rpc.ts';
import type { Exchange } from './exchange.ts';

interface OpenRequest {
  readonly exchange: Exchange;
  /** As the client has sent it. */
  readonly id: Id;
}

/** The code of the SDK for a connection that has ended. */
const CLOSED = -32_000;

/** The requests that wait for their answers. The SDK is given numbers, as a client may use an id twice at once. */
export interface OpenRequests {
  count(): number;
  /** @returns the request with its number; undefined for what is no request with a proper id */
  add(value: unknown, exchange: Exchange): JsonObject | undefined;
  /** The request that a notification cancels, if it is one; 'unknown' if there is no such request. */
  cancelledBy(value: unknown): { readonly own: number; readonly notification: JsonObject } | 'unknown' | undefined;
  /** Answers a request, or leaves it without an answer. @returns false if there is no such request */
  settle(own: unknown, answer?: object): boolean;
  /** @throws Error if the request is over */
  exchangeOf(own: unknown): Exchange;
  /** Answers all with an error. */
  fail(): void;
}

export function createOpenRequests(): OpenRequests {
  const open = new Map<unknown, OpenRequest>();
  let last = 0;
  const settle = (own: unknown, answer?: object) => {
    const request = open.get(own);
    open.delete(own);
    request?.exchange.settle(answer && { ...answer, id: request.id });
    return request !== undefined;
  };
  return {
    settle,
    count: () => open.size,
    add(value, exchange) {
      const id = awaitedId(value);
      // Other ids are refused by whoever reads the message.
      if (!isObject(value) || id === undefined || !(typeof id === 'string' || Number.isSafeInteger(id)))
        return undefined;
      open.set(++last, { exchange, id });
      exchange.expect();
      return { ...value, id: last };
    },
    cancelledBy(value) {
      const cancelled = cancelledId(value);
      if (cancelled === undefined || !isObject(value) || !isObject(value.params)) return undefined;
      const own = [...open].findLast(([, { id }]) => id === cancelled)?.[0];
      if (typeof own !== 'number') return 'unknown';
      return { own, notification: { ...value, params: { ...value.params, requestId: own } } };
    },
    exchangeOf(own) {
      const request = open.get(own);
      if (!request) throw new Error('the request is over');
      return request.exchange;
    },
    fail() {
      for (const own of [...open.keys()]) settle(own, errorAnswer(undefined, CLOSED, 'The session has ended.'));
    },
  };
}
