import { ErrorCode, LATEST_PROTOCOL_VERSION, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/sdk/types.js';
import { isObject } from '../../json_object.ts';
import { type Accepts, jsonResponse } from './exchange.ts';

/** An error of the transport, as JSON-RPC. `code` is the SDK's for such errors unless given. */
export function httpError(status: number, message: string, { code = -32_000, headers = {} } = {}): Response {
  return jsonResponse({ jsonrpc: '2.0', error: { code, message }, id: null }, status, headers);
}

/** The messages of a POST. */
export interface Posted {
  readonly messages: readonly unknown[];
  /** The messages came as a list, so their answers leave as one. */
  readonly isBatch: boolean;
}

/** A longer batch is refused, because its answers, which can be much longer, are gathered before any is sent. */
const MAX_BATCH = 100;

/** @returns the messages, or the refusal of a body that has none or too many */
export function readBody(text: string): Posted | Response {
  let value: unknown;
  try {
    // As over stdio, this also takes away a byte order mark.
    value = JSON.parse(text.trim());
  } catch {
    return httpError(400, 'The body is not JSON.', { code: ErrorCode.ParseError });
  }
  if (!Array.isArray(value) || value.length === 0) return { messages: [value], isBatch: false };
  if (value.length > MAX_BATCH) return invalid(`A batch may have ${MAX_BATCH} messages.`);
  return value.some(isInitialize) ? invalid('initialize must come alone.') : { messages: value, isBatch: true };
}

function invalid(message: string): Response {
  return httpError(400, message, { code: ErrorCode.InvalidRequest });
}

export function isInitialize(message: unknown): boolean {
  return isObject(message) && message.method === 'initialize';
}

/** The revision that the SDK answers to `initialize`. */
export function revisionFor(message: unknown): string {
  const wished = isObject(message) && isObject(message.params) ? message.params.protocolVersion : undefined;
  return SUPPORTED_PROTOCOL_VERSIONS.find((revision) => revision === wished) ?? LATEST_PROTOCOL_VERSION;
}

/** What needs a session beyond one POST. */
export function outlivesOne(message: unknown): boolean {
  return isObject(message) && (message.method === 'resources/subscribe' || message.method === 'resources/unsubscribe');
}

export function tooMany(what: string): Response {
  return httpError(429, `There are too many ${what}.`, { headers: { 'retry-after': '1' } });
}

/** Why a POST is not read, by its headers. */
export function refusalOf(headers: Headers): Response | undefined {
  const accepts = acceptsOf(headers);
  if (!accepts.json && !accepts.stream) {
    return httpError(406, 'Accept must name application/json and text/event-stream.');
  }
  if (!/^application\/json\s*(?:;|$)/i.test(headers.get('content-type') ?? '')) {
    return httpError(415, 'Content-Type must be application/json.');
  }
  return undefined;
}

/** Why a POST of an earlier revision is not answered. */
export function revisionRefusalOf(headers: Headers): Response | undefined {
  const revision = headers.get('mcp-protocol-version');
  if (revision === null || SUPPORTED_PROTOCOL_VERSIONS.includes(revision)) return undefined;
  return httpError(400, `MCP-Protocol-Version must be one of ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')}.`);
}

/** A client that names nothing reads JSON, as simple ones do. */
export function acceptsOf(headers: Headers): Accepts {
  const accept = headers.get('accept') ?? '*/*';
  const isAny = accept.includes('*/*');
  return {
    json: isAny || /\bapplication\/(?:json|\*)/i.test(accept),
    // Who accepts anything does not thereby say that it reads streams.
    stream: /\btext\/(?:event-stream|\*)/i.test(accept),
  };
}
