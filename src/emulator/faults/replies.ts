import { detail, forbidden, json, methodNotAllowed, notFound, notValid, type Reply, throttledBody } from '../reply.ts';
import type { InjectedFault } from './injected_fault.ts';

/** The answer of a fault that sends a whole response, such as a status or a page; undefined for the other kinds. */
export function faultAnswer(fault: InjectedFault): Reply | undefined {
  const entries = Object.entries(fault.headers ?? {});
  const headers = Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), value]));
  const answer = toAnswer(fault, Number(headers['retry-after'] ?? 1));
  return answer && { ...answer, headers: { ...answer.headers, ...headers } };
}

function toAnswer({ kind, status, body }: InjectedFault, waitSeconds: number): Reply | undefined {
  switch (kind) {
    case 'status': {
      const given = status ?? 500;
      return {
        status: given,
        headers: { 'content-type': 'application/json' },
        body: body ?? defaultBody(given, waitSeconds),
      };
    }
    case 'html':
      return { status: status ?? 502, headers: { 'content-type': 'text/html' }, body: GATEWAY_PAGE };
    case 'garbage':
      return { status: 200, headers: { 'content-type': 'application/json' }, body: 'upstream said: {"data": [' };
    case 'empty':
      return { status: 200, headers: {}, body: '' };
    case 'redirect':
      return { status: status ?? 302, headers: { location: '/redirected/' }, body: '' };
    case 'huge':
      return json(200, { data: [], padding: ' '.repeat(HUGE) });
    default:
      return undefined;
  }
}

/** Bytes of padding: more than a client should accept in one answer. */
const HUGE = 17 * 1024 * 1024;

const GATEWAY_PAGE =
  '<!DOCTYPE html><html><head><title>Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>';

/** The body of a status (docs/defender-api.md 13.1), else empty. A 429 has no Retry-After unless the fault sets it. */
function defaultBody(status: number, waitSeconds: number): string {
  const bodies: Record<number, string> = {
    400: notValid(['value']).body,
    401: detail(401, 'Invalid token').body,
    403: forbidden().body,
    404: notFound().body,
    405: methodNotAllowed('POST').body,
    429: throttledBody(waitSeconds),
  };
  return bodies[status] ?? '';
}
