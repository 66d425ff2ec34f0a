import { isObject } from '../../json_object.ts';
import { errorAnswer, RPC } from '../../json_rpc.ts';
import { isModern, type ModernRequest, REVISION, readRequest } from '../../modern/request.ts';
import type { ModernServer } from '../../modern/server.ts';
import { createEventStream } from './event_stream.ts';
import { answerResponse, jsonResponse } from './exchange.ts';
import { type CallLimits, type McpRequest, whenGone } from './mcp_request.ts';
import { headerProblem } from './modern_headers.ts';
import type { OpenPosts } from './open_posts.ts';
import { acceptsOf } from './read_request.ts';
import { createSlots, type Slots } from './slots.ts';

/** Requests of revision 2026-07-28: each has a POST of its own, and no session. */
export interface ModernRoute extends Pick<ModernServer, 'end'> {
  post(request: McpRequest, message: unknown): Promise<Response>;
}

const LISTEN = 'subscriptions/listen';
const HEADER_MISMATCH = -32_020;
/** Errors that have a status of their own; others come as an answer, with 200. */
const STATUS: ReadonlyMap<number, number> = new Map([
  [RPC.methodNotFound, 404],
  [-32_021, 400],
  [-32_022, 400],
]);
/** The longest that a timer can wait, some 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Whether a POST is of this revision. One whose header names it must be, whatever its body says. */
export function isModernPost(headers: Headers, message: unknown): boolean {
  return isModern(message) || headers.get('mcp-protocol-version') === REVISION;
}

/** What all revisions have in common. */
export interface SharedCalls {
  /** Those that may be open at once. */
  readonly calls: Slots;
  readonly posts: OpenPosts;
}

export function createModernRoute(
  server: ModernServer,
  { calls, posts }: SharedCalls,
  limits: CallLimits,
): ModernRoute {
  const listensOf = createListenSlots(limits);
  return {
    end: server.end,
    async post(httpRequest, message) {
      const { headers, identity } = httpRequest;
      // The only notifications of this revision are those over stdio.
      if (isObject(message) && message.id === undefined && message.method !== undefined) {
        return new Response(null, { status: 202 });
      }
      const read = readRequest(message);
      if ('refused' in read) return jsonResponse(read.refused, 400);
      const { request } = read;
      const problem = headerProblem(request, headers);
      if (problem !== undefined) return jsonResponse(errorAnswer(request.id, HEADER_MISMATCH, problem), 400);
      const isListen = request.method === LISTEN;
      if (isListen && !acceptsOf(headers).stream) {
        return jsonResponse(errorAnswer(request.id, RPC.invalidRequest, 'Accept must name text/event-stream.'), 406);
      }
      const slots = isListen ? listensOf(identity?.id) : calls;
      if (slots.isFull()) {
        const full = `There are too many ${isListen ? 'subscriptions' : 'requests'}.`;
        return jsonResponse(errorAnswer(request.id, RPC.internalError, full), 429, { 'retry-after': '1' });
      }
      return respond({ server, posts }, request, httpRequest, slots.take());
    },
  };
}

/** A subscription stays open, so it does not take the place of calls. @returns the slots of a caller */
function createListenSlots({ perSession, total }: CallLimits) {
  const all = createSlots(total);
  const byCaller = new Map<string | undefined, Slots>();
  return (caller: string | undefined): Slots => {
    const own = byCaller.get(caller) ?? createSlots(perSession);
    byCaller.set(caller, own);
    return {
      isFull: () => all.isFull() || own.isFull(),
      take() {
        const releases = [all.take(), own.take()];
        return () => {
          for (const release of releases) release();
        };
      },
    };
  };
}

/** The answer as JSON, unless something has to be sent before it. Then it is a stream of events. */
function respond(
  { server, posts }: { readonly server: ModernServer; readonly posts: OpenPosts },
  request: ModernRequest,
  { headers, identity, gone }: McpRequest,
  done: () => void,
): Promise<Response> {
  const accepts = acceptsOf(headers);
  const controller = new AbortController();
  const { signal } = controller;
  const abort = () => controller.abort();
  whenGone({ gone }, abort);
  // The server itself ends subscriptions, with a result.
  const answered = request.method === LISTEN ? () => {} : posts.add(identity, abort);
  // A stream must not outlive the token that opened it.
  const left = identity?.until === undefined ? MAX_TIMER_MS : identity.until - Date.now();
  const timer = setTimeout(abort, Math.min(left, MAX_TIMER_MS)).unref();
  return new Promise((resolve) => {
    const stream = createEventStream({ name: undefined, primed: false });
    let isStream = false;
    const write = (message: object) => {
      if (!isStream) resolve(stream.connect());
      isStream = true;
      stream.write(message);
    };
    const notify = (message: object) => {
      if (accepts.stream && !signal.aborted) write(message);
    };
    // As for others who have no session: a code of one call is good in the next.
    const session = () => `none ${identity?.id ?? ''}`;
    void server.answer(request, { session, identity, signal, notify }).then((answer) => {
      clearTimeout(timer);
      answered();
      done();
      const status = 'error' in answer ? STATUS.get(answer.error.code) : undefined;
      // A stream has no status, so what needs one is JSON, whatever the client accepts.
      if (isStream || (!accepts.json && status === undefined)) {
        if (!signal.aborted) write(answer);
        else if (!isStream) resolve(stream.connect());
        return stream.end();
      }
      return resolve(answerResponse(answer, status ?? 200));
    });
  });
}
