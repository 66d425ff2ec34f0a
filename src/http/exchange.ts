import type { Dispatcher } from 'undici';
import type { ServiceRequest, ServiceResponse } from './layers.ts';

type Exchangeable = Pick<ServiceRequest, 'method' | 'body' | 'headers' | 'signal'> & { readonly path: string };

/** Of one answer, decoded. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The reason why an exchange was ended at its time limit. */
export const TIME_UP = new Error('time is up');

/**
 * Sends one request and collects its answer. The first of these ends it: the last byte, a failure, the time limit, an
 * abort. undici alone would react to an abort only once it has a connection. Follows no redirect: a 3xx is an answer
 * like any other.
 * @param ms time limit, from connecting to the last byte
 * @param onSending called when a connection stands and the request is about to be written to it
 * @throws undici's error or `TIME_UP`; after an abort of the request's signal it may be any error
 */
export function exchange(
  dispatcher: Dispatcher,
  origin: string,
  { method, path, body, headers, signal }: Exchangeable,
  ms: number,
  onSending: () => void,
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
    let reply: Omit<ServiceResponse, 'body'> = { status: 0, headers: {} };
    const chunks: Buffer[] = [];
    dispatcher.dispatch(
      { origin, method, path, body: body ?? null, headers },
      {
        onRequestStart(controller) {
          sent = controller;
          if (ended) controller.abort(ended);
          else onSending();
        },
        onResponseStart(_, status, replied) {
          const headers = Object.entries(replied).map(([name, value]) => [name, String(value)]);
          reply = { status, headers: Object.fromEntries(headers) };
        },
        onResponseData: (_, chunk) => void chunks.push(chunk),
        onResponseEnd() {
          settle();
          resolve(withBody(reply, chunks));
        },
        onResponseError(_, error) {
          settle();
          reject(error);
        },
      },
    );
  });
}

async function withBody(reply: Omit<ServiceResponse, 'body'>, chunks: readonly Buffer[]): Promise<ServiceResponse> {
  const [only] = chunks;
  const bytes = only && chunks.length === 1 ? only : Buffer.concat(chunks);
  const coding = reply.headers['content-encoding'];
  if (coding === undefined || bytes.length === 0) return { ...reply, body: toText(bytes) };
  const { decodeContent } = await import('./content_coding.ts');
  const decoded = await decodeContent(bytes, coding, MAX_ANSWER_BYTES);
  return 'body' in decoded ? { ...reply, body: toText(decoded.body) } : { ...reply, ...decoded, body: '' };
}

/** Decodes UTF-8 and drops a byte order mark. */
function toText(bytes: Buffer): string {
  return new TextDecoder().decode(bytes);
}
