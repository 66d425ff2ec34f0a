import type * as z from 'zod';
import { type Code, Fault } from '../core/errors.ts';
import type { ServiceRequest, ServiceResponse } from './layers.ts';

type Effect = ServiceRequest['effect'];

/**
 * Parses a reply. An empty body reaches the schema as undefined.
 * @throws Fault for a status other than 2xx, and for a body that is not the expected JSON
 */
export function readReply<T>(response: ServiceResponse, effect: Effect, schema: z.ZodType<T>): T {
  if (response.status < 200 || response.status > 299) throw statusFault(response, effect);
  const reply = parseJson(response.body);
  const parsed = reply.isJson ? schema.safeParse(reply.value) : undefined;
  if (parsed?.success) return parsed.data;
  const detail = `The service answered HTTP ${response.status} with a body that is not the JSON of this operation.`;
  throw new Fault('unreadable', detail, { mayHaveHappened: effect === 'write' });
}

function parseJson(text: string): { isJson: true; value: unknown } | { isJson: false } {
  if (text.trim() === '') return { isJson: true, value: undefined };
  try {
    return { isJson: true, value: JSON.parse(text) };
  } catch {
    return { isJson: false };
  }
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

/** After each other failure the service may have carried a write out. */
const NOT_CARRIED_OUT: ReadonlySet<number> = new Set([401, 403, 404, 429]);

function statusFault({ status }: ServiceResponse, effect: Effect): Fault {
  const fallback: Code = status < 400 ? 'redirected' : status < 500 ? 'rejected' : 'service_error';
  return new Fault(BY_STATUS[status] ?? fallback, `The service answered HTTP ${status}.`, {
    mayHaveHappened: effect === 'write' && !NOT_CARRIED_OUT.has(status),
  });
}
