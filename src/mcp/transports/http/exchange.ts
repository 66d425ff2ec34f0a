import { toJson } from '../../prepared.ts';
import type { EventStream } from './event_stream.ts';

/** What a client can read, as its header `Accept` says. */
export interface Accepts {
  readonly json: boolean;
  readonly stream: boolean;
}

/** The answer to one POST: JSON, unless something has to be sent before it. Then it is a stream of events. */
export interface Exchange {
  readonly response: Promise<Response>;
  /** One more answer will come. */
  expect(): void;
  /** Takes an answer that was expected; none comes for a request that was cancelled. */
  settle(answer?: object): void;
  /** Takes an answer that was not expected: the message that it answers was no request. */
  refuse(answer: object): void;
  /** Sends a message before the answer. @throws Error if the client reads no streams */
  send(message: object): void;
  /** All messages of the POST have been handed on. */
  dealt(): void;
}

export interface ExchangeOptions {
  readonly accepts: Accepts;
  /** Several answers are one list. */
  readonly isBatch: boolean;
  readonly openStream: () => EventStream;
  /** Called once, when everything has been answered. */
  readonly onDone: () => void;
}

export function createExchange({ accepts, isBatch, openStream, onDone }: ExchangeOptions): Exchange {
  const answers: object[] = [];
  let missing = 0;
  let isDealt = false;
  let isRefused = false;
  let stream: EventStream | undefined;
  let resolve: (response: Response) => void = () => {};
  const response = new Promise<Response>((resolver) => {
    resolve = resolver;
  });
  const toStream = () => {
    if (stream) return stream;
    stream = openStream();
    for (const answer of answers) stream.write(answer);
    resolve(stream.connect());
    return stream;
  };
  const endIfComplete = () => {
    if (!isDealt || missing > 0) return;
    if (answers.length > 0 && !accepts.json && !isRefused) toStream();
    if (stream) stream.end();
    else if (answers.length === 0) resolve(new Response(null, { status: 202 }));
    else resolve(answerResponse(isBatch ? answers : answers[0], isRefused && !isBatch ? 400 : 200));
    onDone();
  };
  const take = (answer: object) => {
    answers.push(answer);
    stream?.write(answer);
  };
  return {
    response,
    expect: () => void missing++,
    settle(answer) {
      missing--;
      if (answer) take(answer);
      endIfComplete();
    },
    refuse(answer) {
      isRefused = true;
      take(answer);
    },
    send(message) {
      if (!accepts.stream) throw new Error('the client reads no streams');
      toStream().write(message);
    },
    dealt() {
      isDealt = true;
      endIfComplete();
    },
  };
}

export function answerResponse(answer: object | undefined, status: number): Response {
  return new Response(answer && toJson(answer), { status, headers: JSON_HEADERS });
}

const JSON_HEADERS = { 'content-type': 'application/json', 'cache-control': 'no-store' };

export function jsonResponse(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  return new Response(JSON.stringify(value), { status, headers: { ...JSON_HEADERS, ...headers } });
}
