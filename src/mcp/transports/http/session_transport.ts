import { randomInt } from 'node:crypto';
import { isObject } from '../../json_object.ts';
import { type Id, isId } from '../../json_rpc.ts';
import type { ValueTransport } from '../value_transport.ts';
import { createEventStream, type EventStream } from './event_stream.ts';
import { createExchange, type Exchange, type ExchangeOptions } from './exchange.ts';
import { createOpenRequests } from './open_requests.ts';

/** The transport of one session: many POSTs, each of which is answered, and one stream that a GET opens. */
export interface SessionTransport extends ValueTransport {
  /** @param messages the members of a batch, or a single message */
  post(messages: readonly unknown[], options: PostOptions): Promise<Response>;
  /** @returns undefined if there is no stream with the event that the client had last */
  listen(lastEvent: string | undefined): Response | undefined;
  /** Ends the stream that was opened so; what comes is kept for the next. */
  hush(): void;
  /** No answer is awaited and no stream is open. */
  isIdle(): boolean;
  /** How many requests wait for their answers. */
  open(): number;
}

type PostOptions = Omit<ExchangeOptions, 'openStream'>;

/** How long an answer that was sent as a stream is kept for a client that has lost its connection, ms. */
const KEPT_MS = 120_000;
/** How many of those are kept at once; they can be long. */
const MAX_KEPT = 20;
const CANCELLED = 'notifications/cancelled';

/** @param revision of the protocol; undefined if the session has no id, so that nobody can come back to it */
export function createSessionTransport(revision: string | undefined): SessionTransport {
  const requests = createOpenRequests();
  const questions = createQuestionIds();
  const streams = createStreams(revision);
  /** The POST whose message is handed on. */
  let current: Exchange | undefined;
  const handOn = (value: unknown, exchange: Exchange) => {
    current = exchange;
    const read = requests.add(value, exchange) ?? questions.fromClient(value);
    const cancelled = requests.cancelledBy(read);
    if (cancelled !== 'unknown') transport.onmessage?.(cancelled?.notification ?? read);
    // Not before the SDK has withdrawn what it asks the client for this request.
    if (typeof cancelled === 'object') setImmediate(() => requests.settle(cancelled.own));
    current = undefined;
  };
  const transport: SessionTransport = {
    async start() {},
    async close() {
      requests.fail();
      streams.close();
      transport.onclose?.();
    },
    post(messages, options) {
      const exchange = createExchange({ ...options, openStream: streams.open });
      for (const message of messages) handOn(message, exchange);
      exchange.dealt();
      return exchange.response;
    },
    listen: streams.listen,
    hush: streams.hush,
    isIdle: () => requests.count() === 0 && !streams.isConnected(),
    open: requests.count,
    async send(message, options) {
      if (!('method' in message)) {
        // What is refused is answered while it is handed on, and may have no id.
        if (!requests.settle(message.id, message)) current?.refuse({ ...message, id: questions.refusedId(message.id) });
        return;
      }
      const related = options?.relatedRequestId;
      const out = questions.toClient(message);
      if (related === undefined) streams.announce(out);
      else requests.exchangeOf(related).send(out);
    },
  };
  return transport;
}

/**
 * Questions to the client have other ids in each process. Otherwise an answer to a question of a process that has ended
 * could be taken for the answer to one of the next.
 */
function createQuestionIds() {
  const base = randomInt(2 ** 40);
  /** The answer that came last: its own id, and the one it is handed on with. */
  let last: { readonly own: Id; readonly id: number } | undefined;
  return {
    /** The client's own id of an answer that nothing has asked for. */
    refusedId: (id: Id | undefined) => (last && Object.is(id ?? Number.NaN, last.id) ? last.own : (id ?? null)),
    toClient(message: object): object {
      if ('id' in message) return { ...message, id: Number(message.id) + base };
      if (!isObject(message) || message.method !== CANCELLED || !isObject(message.params)) return message;
      return { ...message, params: { ...message.params, requestId: Number(message.params.requestId) + base } };
    },
    fromClient(value: unknown): unknown {
      if (!isObject(value) || 'method' in value || value.id === undefined || value.id === null) return value;
      const id = Number(value.id) - base;
      last = isId(value.id) ? { own: value.id, id } : undefined;
      return { ...value, id };
    },
  };
}

/** The stream that a GET opens, and those that answer POSTs. */
function createStreams(revision: string | undefined) {
  // Streams that can be taken up again came with this transport, in the revision after 2024-11-05.
  const isResumable = revision !== undefined && revision > '2024-11-05';
  const prefix = randomInt(2 ** 40).toString(36);
  const byName = new Map<string, EventStream>();
  const ended = new Set<string>();
  const forget = (name: string) => {
    ended.delete(name);
    byName.delete(name);
  };
  let count = 0;
  const create = (name: string) =>
    createEventStream({ name: isResumable ? name : undefined, primed: isResumable && revision >= '2025-11-25' });
  const announced = create(`${prefix}-0`);
  byName.set(`${prefix}-0`, announced);
  return {
    announce: (message: object) => announced.write(message),
    isConnected: () => announced.isConnected(),
    hush: () => announced.close(),
    close() {
      for (const stream of byName.values()) stream.close();
    },
    open(): EventStream {
      const name = `${prefix}-${++count}`;
      const stream = create(name);
      byName.set(name, stream);
      return {
        ...stream,
        end() {
          stream.end();
          ended.add(name);
          setTimeout(forget, isResumable ? KEPT_MS : 0, name).unref();
          const [oldest = ''] = ended;
          if (ended.size > MAX_KEPT) forget(oldest);
        },
      };
    },
    listen(lastEvent: string | undefined): Response | undefined {
      if (lastEvent === undefined || !isResumable) return announced.connect();
      const [name = '', number] = lastEvent.split('.');
      const stream = byName.get(name);
      // After a restart there is nothing to take up again, but what is announced from now on.
      if (!stream && name.endsWith('-0')) return announced.connect();
      return stream?.connect(Number(number) || 0);
    },
  };
}
