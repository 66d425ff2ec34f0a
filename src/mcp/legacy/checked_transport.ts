import type { Transport, TransportSendOptions } from '@modelcontextprotocol/sdk/shared/transport.js';
import type {
  JSONRPCMessage,
  JSONRPCNotification,
  JSONRPCRequest,
  JSONRPCResponse,
  MessageExtraInfo,
  RequestId,
} from '@modelcontextprotocol/sdk/types.js';
import { isId } from '../json_rpc.ts';
import { type Questions, readMessage } from './read_message.ts';

const CANCELLED = 'notifications/cancelled';

/**
 * A transport that hands on only what the SDK accepts, and refuses the rest. It also changes ids, because the SDK
 * (1.32) ignores the cancellation of a request with the id 0 or '', and clients may use the same SDK: the SDK is given
 * the JSON of a client's id, and its own requests, which it numbers from 0, leave with numbers from 1.
 */
export function createCheckedTransport(transport: Transport): Transport {
  const questions = createQuestions();
  const checked: Transport = {
    start: () => transport.start(),
    close: () => transport.close(),
    get sessionId() {
      return transport.sessionId;
    },
    send: (message, options) => transport.send(toClient(message, questions), optionsToClient(options)),
  };
  const fail = (error: Error) => checked.onerror?.(error);
  transport.onclose = () => checked.onclose?.();
  transport.onerror = fail;
  transport.onmessage = (value: unknown, extra?: MessageExtraInfo) => {
    const received = readMessage(value, questions);
    if ('request' in received) checked.onmessage?.(toSdk(received.request), extra);
    else if ('notification' in received) checked.onmessage?.(toSdk(received.notification), extra);
    else if ('answer' in received) checked.onmessage?.(questions.close(received.answer), extra);
    else fail(new TypeError(received.reason));
    if ('refused' in received) transport.send(received.refused).catch(fail);
  };
  return checked;
}

/** The requests to the client, which ask a person. */
interface OpenQuestions extends Questions {
  open(request: JSONRPCRequest): JSONRPCRequest;
  /** Returns the answer with the id that the SDK waits for. */
  close(answer: JSONRPCResponse): JSONRPCResponse;
  withdraw(id: unknown): number;
}

function createQuestions(): OpenQuestions {
  const open = new Set<number>();
  let last = 0;
  return {
    stateOf(id) {
      // Some clients answer with the number as text.
      const number = Number(id);
      if (open.has(number)) return 'open';
      return Number.isInteger(number) && number >= 1 && number <= last ? 'over' : undefined;
    },
    first: () => [...open][0],
    open(request) {
      last = Number(request.id) + 1;
      open.add(last);
      return { ...request, id: last };
    },
    close(answer) {
      open.delete(Number(answer.id));
      return { ...answer, id: Number(answer.id) - 1 };
    },
    withdraw(id) {
      open.delete(Number(id) + 1);
      return Number(id) + 1;
    },
  };
}

function toSdk<Message extends JSONRPCRequest | JSONRPCNotification>(message: Message): Message {
  if ('id' in message) return { ...message, id: JSON.stringify(message.id) };
  const { method, params } = message;
  if (method !== CANCELLED || !isId(params?.requestId)) return message;
  return { ...message, params: { ...params, requestId: JSON.stringify(params.requestId) } };
}

function toClient(message: JSONRPCMessage, questions: OpenQuestions): JSONRPCMessage {
  if (!('method' in message)) return message.id === undefined ? message : { ...message, id: idOfClient(message.id) };
  if ('id' in message) return questions.open(message);
  if (message.method !== CANCELLED) return message;
  return { ...message, params: { ...message.params, requestId: questions.withdraw(message.params?.requestId) } };
}

function optionsToClient(options: TransportSendOptions | undefined): TransportSendOptions | undefined {
  if (options?.relatedRequestId === undefined) return options;
  return { ...options, relatedRequestId: idOfClient(options.relatedRequestId) };
}

function idOfClient(id: RequestId): RequestId {
  return JSON.parse(String(id));
}
