import type { Dispatcher } from 'undici';
import type { ServiceRequest, ServiceResponse } from './layers.ts';

/** The reason why an exchange was ended at its time limit. */
export const TIME_UP = new Error('time is up');

/**
 * Sends one request and collects its answer. The first of these ends it: the last byte, a failure, the time limit, an
 * abort. undici alone would react to an abort only once it has a connection. Follows no redirect: a 3xx is an answer
 * like any other.
 * @param ms time limit, from connecting to the last byte
 * @throws undici's error or `TIME_UP`; after an abort of the request's signal it may be any error
 */
export function exchange(
  dispatcher: Dispatcher,
  origin: string,
  { method, path, body, headers, signal }: ServiceRequest,
  ms: number,
): Promise<ServiceResponse> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    let sent: Dispatcher.DispatchController | undefined;
    let ended: Error | undefined;
    // A leftover listener or timer would keep the whole answer in memory until the call or the timeout ends.
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
    };
    const giveUp = (why: Error) => {
      settle();
      ended = why;
      sent?.abort(why);
      reject(why);
    };
    const onAbort = () => giveUp(new Error('aborted by the caller'));
    const timer = setTimeout(giveUp, ms, TIME_UP);
    signal.addEventListener('abort', onAbort);
    const reply = { status: 0, headers: {} };
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { origin, method, path, body: body ?? null, headers },
      {
        onRequestStart(controller) {
          sent = controller;
          if (ended) controller.abort(ended);
        },
        onResponseStart(_, status, replied) {
          reply.status = status;
          reply.headers = Object.fromEntries(Object.entries(replied).map(([name, value]) => [name, String(value)]));
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd() {
          settle();
          resolve({ ...reply, body: decode(chunks) });
        },
        onResponseError(_, error) {
          settle();
          reject(error);
        },
      },
    );
  });
}

/** Decodes UTF-8 and drops a byte order mark. */
function decode(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  return new TextDecoder().decode(chunks.length === 1 ? only : Buffer.concat(chunks));
}
