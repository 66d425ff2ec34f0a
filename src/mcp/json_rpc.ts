import { isObject, type JsonObject } from './json_object.ts';

/** The id of a request, which its answer repeats. */
export type Id = string | number;

/** The codes of JSON-RPC 2.0, section 5.1. */
export const RPC = {
  parseError: -32_700,
  invalidRequest: -32_600,
  methodNotFound: -32_601,
  invalidParams: -32_602,
  internalError: -32_603,
} as const;

/** The answer to a request that failed; without an id it answers what has none that could be read. */
export interface ErrorAnswer {
  jsonrpc: '2.0';
  id?: Id;
  error: { code: number; message: string; data?: unknown };
}

/** An error without an id answers what has none that could be read. */
export function errorAnswer(id: Id | undefined, code: number, message: string): ErrorAnswer {
  return { jsonrpc: '2.0', ...(id !== undefined && { id }), error: { code, message } };
}

/** Any text or number can be given back, also one that the protocol does not allow as an id. */
export function isId(id: unknown): id is Id {
  return typeof id === 'string' || typeof id === 'number';
}

export function idOf({ id }: JsonObject): Id | undefined {
  return isId(id) ? id : undefined;
}

/** The id of a message that gets an answer, unless it is cancelled: it is a request, or would have been one. */
export function awaitedId(value: unknown): Id | undefined {
  return isObject(value) && isPresent(value.method) && !hasOutcome(value) ? idOf(value) : undefined;
}

/** The id of a request that the client cancels. What has an id itself is a request of no known method. */
export function cancelledId(value: unknown): unknown {
  if (!isObject(value) || value.method !== 'notifications/cancelled' || isPresent(value.id)) return undefined;
  return isObject(value.params) ? value.params.requestId : undefined;
}

export function hasOutcome({ result, error }: JsonObject): boolean {
  return isPresent(result) || isPresent(error);
}

export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null;
}
