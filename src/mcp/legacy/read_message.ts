import {
  ErrorCode,
  isJSONRPCNotification,
  isJSONRPCRequest,
  type JSONRPCErrorResponse,
  type JSONRPCNotification,
  type JSONRPCRequest,
  type JSONRPCResponse,
  type RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { clientNamed } from '../call_meta.ts';
import { isObject, type JsonObject, presentMembers } from '../json_object.ts';
import { errorAnswer, hasOutcome, idOf, isId, isPresent } from '../json_rpc.ts';
import { canAskByForm } from '../question_form.ts';
import { readParams } from '../read_params.ts';

/** What a value that a client has sent is. With a `reason` the SDK is not given it; `refused` is the answer, if any. */
export type Received =
  | { readonly request: JSONRPCRequest }
  | { readonly notification: JSONRPCNotification }
  | { readonly answer: JSONRPCResponse }
  | { readonly reason: string; readonly refused: JSONRPCErrorResponse }
  | { readonly reason: string };

/** Our requests to the client. */
export interface Questions {
  /** Whether one waits for its answer, does so no more, or never existed. */
  stateOf(id: RequestId): 'open' | 'over' | undefined;
  /** The id of the first that waits. */
  first(): RequestId | undefined;
}

/**
 * Reads what a client has sent, generously where its meaning is clear, so that the SDK takes every request for one and
 * every answer for one: it is silent about all else, and the client would wait for ever.
 */
export function readMessage(value: unknown, questions: Questions): Received {
  if (!isObject(value)) return refused(undefined, ErrorCode.InvalidRequest, 'A message must be an object.');
  const id = idOf(value);
  const isAnswer = !isPresent(value.method) || hasOutcome(value);
  if (!isAnswer) return readRequest(value, id);
  // A session has one question at a time, so an answer without an id, which is malformed, ends that one.
  const answered = id ?? (hasOutcome(value) ? questions.first() : undefined);
  const question = answered === undefined ? undefined : questions.stateOf(answered);
  if (answered !== undefined && question === 'open') return { answer: readAnswer(value, answered) };
  if (question === 'over' && hasOutcome(value)) return { reason: 'an answer came too late' };
  // Two servers that answered each other's errors would never stop.
  if (isError(value)) return { reason: 'an error answers no request of ours' };
  return refused(id, ErrorCode.InvalidRequest, 'This is neither a request nor an answer to one of this server.');
}

function readRequest({ jsonrpc, id: givenId, method, params }: JsonObject, id: RequestId | undefined): Received {
  if (jsonrpc !== '2.0' || typeof method !== 'string') {
    return refused(id, ErrorCode.InvalidRequest, 'A request needs "jsonrpc" as "2.0" and a method that is text.');
  }
  const given = readParams(method, params);
  const introduced = method === 'initialize' && 'params' in given ? given.params : undefined;
  const read = introduced === undefined ? given : { params: introduction(introduced) };
  if (givenId === undefined || (givenId === null && method.startsWith('notifications/'))) {
    const notification = { jsonrpc, method, ...read };
    return isJSONRPCNotification(notification) ? { notification } : { reason: 'a notification has wrong params' };
  }
  const request = { jsonrpc, id, method, ...('wrong' in read ? {} : read) };
  if (!isJSONRPCRequest(request)) {
    return refused(
      id,
      ErrorCode.InvalidRequest,
      'The id of a request must be text or a whole number below 2 to the 53.',
    );
  }
  return 'wrong' in read ? refused(id, ErrorCode.InvalidParams, read.wrong) : { request };
}

/** An answer that is malformed, or an error of any form, fails the question. */
function readAnswer(value: JsonObject, id: RequestId): JSONRPCResponse {
  const { jsonrpc, result, error } = value;
  if (idOf(value) === undefined || jsonrpc !== '2.0' || !isObject(result) || isPresent(error)) {
    return { jsonrpc: '2.0', id, error: { code: ErrorCode.InvalidRequest, message: 'The client did not answer.' } };
  }
  const { _meta, ...members } = result;
  return { jsonrpc: '2.0', id, result: members };
}

function refused(id: RequestId | undefined, code: number, message: string): Received {
  return { reason: 'a message was refused', refused: errorAnswer(id, code, message) };
}

function isError({ jsonrpc, id, result, error }: JsonObject): boolean {
  if (jsonrpc !== '2.0' || isPresent(result) || !isObject(error)) return false;
  return (!isPresent(id) || isId(id)) && Number.isInteger(error.code) && typeof error.message === 'string';
}

function questionsOf(elicitation: unknown): JsonObject | undefined {
  const form = canAskByForm(elicitation) && { form: {} };
  const url = Boolean(presentMembers(elicitation).url) && { url: {} };
  return form || url ? { ...form, ...url } : undefined;
}

/** What this server uses of the way in which a client introduces itself, whatever else there is. */
function introduction({ protocolVersion, capabilities, clientInfo }: JsonObject): JsonObject {
  const { elicitation } = presentMembers(capabilities);
  return {
    protocolVersion,
    capabilities: { elicitation: questionsOf(elicitation) },
    clientInfo: clientNamed(clientInfo),
  };
}
