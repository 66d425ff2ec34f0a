import type * as z from 'zod';
import { type Code, Fault } from '../core/errors.ts';
import { parseJson } from './json.ts';
import type { ServiceRequest, ServiceResponse } from './layers.ts';

type Effect = ServiceRequest['effect'];

/**
 * Parses a reply. An empty body reaches the schema as undefined.
 * @throws Fault for a status other than 2xx, and for a body that is not the expected JSON
 */
export function readReply<T>(response: ServiceResponse, effect: Effect, schema: z.ZodType<T>): T {
  const { status, body } = response;
  if (status < 200 || status > 299) throw statusFault(response, effect);
  const reply = parseJson(body);
  const parsed = reply.isJson ? schema.safeParse(reply.value) : undefined;
  if (parsed?.success) return parsed.data;
  const isTooMuch = !reply.isJson && reply.isTooMuch;
  const what = isTooMuch ? 'more values than any answer has' : 'a body that is not the JSON of this operation';
  const detail = `The service answered HTTP ${status} with ${what}.`;
  throw new Fault('unreadable', detail, { mayHaveHappened: effect === 'write' });
}

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

/** After a timeout or a conflict it is unknown whether the service has carried out the request. */
const UNKNOWN_OUTCOME: ReadonlySet<number> = new Set([408, 409]);

function statusFault({ status }: ServiceResponse, effect: Effect): Fault {
  const fallback: Code = status < 400 ? 'redirected' : status < 500 ? 'rejected' : 'service_error';
  return new Fault(BY_STATUS[status] ?? fallback, `The service answered HTTP ${status}.`, {
    mayHaveHappened: effect === 'write' && (status >= 500 || UNKNOWN_OUTCOME.has(status)),
  });
}
