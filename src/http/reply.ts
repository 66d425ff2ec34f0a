import type * as z from 'zod';
import { CODES } from '../core/codes.ts';
import { type Code, Fault } from '../core/errors.ts';
import { parseJson } from './json.ts';
import type { ServiceRequest, ServiceResponse, Undecoded } from './layers.ts';

type Effect = ServiceRequest['effect'];

/**
 * Parses a reply. An empty body reaches the schema as undefined.
 * @throws Fault for a status other than 2xx, and for a body that is not the expected JSON
 */
export function readReply<T>(response: ServiceResponse, effect: Effect, schema: z.ZodType<T>): T {
  const { status, body, undecoded } = response;
  if (status < 200 || status > 299) throw statusFault(response, effect);
  const mayHaveHappened = effect === 'write';
  if (undecoded) throw new Fault(...UNDECODED[undecoded], { mayHaveHappened });
  const reply = parseJson(body);
  const parsed = reply.isJson ? schema.safeParse(reply.value) : undefined;
  if (parsed?.success) return parsed.data;
  throw new Fault('unreadable', unreadableDetail(status, reply), { mayHaveHappened });
}

function unreadableDetail(status: number, reply: ReturnType<typeof parseJson>): string {
  if (reply.isJson) return `The service answered HTTP ${status} with a body that is not the JSON of this operation.`;
  if (reply.isTooMuch) return `The service answered HTTP ${status} with more values than any answer has.`;
  return `${BETWEEN} answered HTTP ${status} with a body that is no JSON, such as a sign-in page.`;
}

/** The service answers in JSON or with nothing (docs/defender-api.md 13.1). */
const BETWEEN = 'Something between this server and the service (a gateway, a firewall or a proxy)';

const UNDECODED: Readonly<Record<Undecoded, readonly [Code, string]>> = {
  unknown_coding: ['unreadable', 'The answer came compressed, which was not asked for, in a way that cannot be read.'],
  damaged: ['unreadable', 'The answer came compressed, which was not asked for, and is damaged or cut short.'],
  too_large: ['too_large', 'The answer exceeds 16 MiB once it is decompressed.'],
};

const BY_STATUS: Readonly<Record<number, Code>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'route_refused',
  409: 'conflict',
  429: 'throttled',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** After each other failure the service may have carried a write out. */
const NOT_CARRIED_OUT: ReadonlySet<number> = new Set([401, 403, 404, 429]);

function statusFault(response: ServiceResponse, effect: Effect): Fault {
  const { status } = response;
  const options = { status, mayHaveHappened: effect === 'write' && !NOT_CARRIED_OUT.has(status) };
  if (status >= 400 && !isOwnReply(response)) return interceptedFault(status, effect);
  return new Fault(codeOf(status), `The service answered HTTP ${status}.`, options);
}

/** True if the service itself has answered, as far as can be told, and nothing in its place. */
export function isOwnReply({ body, undecoded }: ServiceResponse): boolean {
  return !undecoded && !isNoJson(body);
}

function isNoJson(body: string): boolean {
  const reply = parseJson(body);
  return !reply.isJson && !reply.isTooMuch;
}

function codeOf(status: number): Code {
  return BY_STATUS[status] ?? (status < 400 ? 'redirected' : status < 500 ? 'rejected' : 'service_error');
}

/** Whatever answers in place of the service may have passed a write on before. */
function interceptedFault(status: number, effect: Effect): Fault {
  const code = status < 500 && status !== 429 ? 'intercepted' : codeOf(status);
  const ask = 'If it stays, ask whoever runs the gateway, firewall or proxy.';
  return new Fault(code, `${BETWEEN} answered HTTP ${status} in its place.`, {
    status,
    mayHaveHappened: effect === 'write',
    remedy: code === 'intercepted' ? undefined : `${CODES[code].remedy} ${ask}`,
  });
}
