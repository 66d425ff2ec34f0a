import type { Dispatcher } from 'undici';
import type { ServiceRequest, ServiceResponse } from './layers.ts';

/** Why an exchange ended that took longer than it may. */
export const TIME_UP = new Error('time is up');

/**
 * Sends one request and gathers its answer. What comes first ends it: the last byte, a failure, the end of its time, or
 * the leaving of its caller, which undici alone would hear of only when it has a connection. Follows no redirect; a 3xx
 * comes back like any other status.
 * @param ms bound from connecting to the last byte
 * @throws undici's error, `TIME_UP`, or anything where the caller has left: the request's signal tells
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
    let over: Error | undefined;
    // A listener or timer that stayed would hold the whole answer for as long as the call or the timeout lasts.
    const settle = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', leave);
    };
    const giveUp = (why: Error) => {
      settle();
      over = why;
      sent?.abort(why);
      reject(why);
    };
    const leave = () => giveUp(new Error('the caller has left'));
    const timer = setTimeout(giveUp, ms, TIME_UP);
    signal.addEventListener('abort', leave);
    const reply = { status: 0, headers: {} };
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { origin, method, path, body: body ?? null, headers },
      {
        onRequestStart(controller) {
          sent = controller;
          if (over) controller.abort(over);
        },
        onResponseStart(_, status, replied) {
          reply.status = status;
          reply.headers = Object.fromEntries(Object.entries(replied).map(([name, value]) => [name, String(value)]));
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd() {
          settle();
          resolve({ ...reply, body: textOf(chunks) });
        },
        onResponseError(_, error) {
          settle();
          reject(error);
        },
      },
    );
  });
}

/** UTF-8, without a byte order mark. */
function textOf(chunks: readonly Buffer[]): string {
  const [only] = chunks;
  return new TextDecoder().decode(chunks.length === 1 ? only : Buffer.concat(chunks));
}
