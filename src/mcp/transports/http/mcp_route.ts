import { awaitedId } from '../../json_rpc.ts';
import type { LiveSession } from './live_sessions.ts';
import { type CallLimits, type McpRequest, whenGone } from './mcp_request.ts';
import { isModernPost, type ModernRoute } from './modern_route.ts';
import type { OpenPosts } from './open_posts.ts';
import {
  acceptsOf,
  httpError,
  isInitialize,
  outlivesOne,
  type Posted,
  readBody,
  refusalOf,
  revisionFor,
  revisionRefusalOf,
  tooMany,
} from './read_request.ts';
import type { Sessions } from './sessions.ts';
import type { Slots } from './slots.ts';

/** The handlers of the MCP endpoint, by HTTP method. */
export type McpRoute = Readonly<Record<'POST' | 'GET' | 'DELETE', (request: McpRequest) => Promise<Response>>>;

/** The longest that a timer can wait, some 24 days. */
const MAX_TIMER_MS = 2 ** 31 - 1;
export const SESSION_ID = 'mcp-session-id';

export interface McpRouteOptions {
  readonly sessions: Sessions;
  readonly modern: ModernRoute;
  /** The requests that may be open at once, of all revisions. */
  readonly calls: Slots;
  readonly posts: OpenPosts;
  readonly limits: CallLimits;
}

export function createMcpRoute(options: McpRouteOptions): McpRoute {
  const { sessions, modern } = options;
  const answer = createAnswer(options);
  return {
    async POST(request) {
      const refusal = refusalOf(request.headers);
      if (refusal) return refusal;
      const text = await request.text();
      if (text === undefined) return httpError(413, 'The body is too long.');
      const posted = readBody(text);
      if (posted instanceof Response) return posted;
      const { messages, isBatch } = posted;
      // Batches are no part of that revision, so one is refused as what it is: no message.
      const isOfModern = messages.some((message) => isModernPost(request.headers, message));
      if (isOfModern) return modern.post(request, isBatch ? messages : messages[0]);
      return revisionRefusalOf(request.headers) ?? answer(request, posted);
    },
    async GET(request) {
      if (!acceptsOf(request.headers).stream) return httpError(406, 'Accept must name text/event-stream.');
      const live = await find(sessions, request);
      if (live instanceof Response) return live;
      const stream = live.transport.listen(request.headers.get('last-event-id') ?? undefined);
      if (!stream) return httpError(400, 'The stream of the event in Last-Event-ID is over.');
      // A stream must not outlive the token that opened it.
      const { until } = request.identity ?? {};
      if (until !== undefined) setTimeout(live.transport.hush, Math.min(until - Date.now(), MAX_TIMER_MS)).unref();
      return stream;
    },
    async DELETE({ headers, identity }) {
      const id = headers.get(SESSION_ID);
      if (id === null) return withoutSession();
      return sessions.end(id, identity) ? new Response(null, { status: 204 }) : notFound();
    },
  };
}

/** Answers a POST of an earlier revision within the limits. */
function createAnswer({ sessions, calls, posts, limits }: McpRouteOptions) {
  const post = (live: LiveSession, { headers }: McpRequest, { messages, isBatch }: Posted, onDone = () => {}) => {
    const release = calls.take(countRequests(messages));
    const done = () => {
      release();
      onDone();
    };
    return live.transport.post(messages, { accepts: acceptsOf(headers), isBatch, onDone: done });
  };
  const initialize = async (request: McpRequest, posted: Posted): Promise<Response> => {
    const revision = revisionFor(posted.messages[0]);
    const live = await sessions.begin(revision, request.identity);
    if (!live) return tooMany('sessions');
    const response = await post(live, request, posted);
    const id = sessions.keep(live, revision);
    if (id === undefined) await live.server.close();
    else response.headers.set(SESSION_ID, id);
    return response;
  };
  return async (request: McpRequest, posted: Posted): Promise<Response> => {
    // What cancels a call or answers a question is always taken.
    const requests = countRequests(posted.messages);
    if (requests > 0 && calls.isFull(requests)) return tooMany('requests');
    if (posted.messages.some(isInitialize)) return initialize(request, posted);
    if (!request.headers.has(SESSION_ID)) {
      if (posted.messages.some(outlivesOne)) return withoutSession();
      const live = await sessions.beginForOne(request.identity);
      const close = () => void live.server.close();
      const answered = posts.add(request.identity, close);
      const response = post(live, request, posted, () => {
        answered();
        close();
      });
      // Nobody else can be waiting for the answer, and nothing else can cancel the call.
      whenGone(request, close);
      return response;
    }
    const live = await find(sessions, request);
    if (live instanceof Response) return live;
    const isFull = requests > 0 && live.transport.open() + requests > limits.perSession;
    return isFull ? tooMany('requests of this session') : post(live, request, posted);
  };
}

function countRequests(messages: readonly unknown[]): number {
  return messages.filter((message) => awaitedId(message) !== undefined).length;
}

async function find(sessions: Sessions, { headers, identity }: McpRequest): Promise<LiveSession | Response> {
  const id = headers.get(SESSION_ID);
  if (id === null) return withoutSession();
  const live = await sessions.find(id, identity);
  if (live === 'full') return tooMany('sessions');
  return live ?? notFound();
}

/** The same for a session that is unknown, over, or another caller's, so that nobody learns which. */
export function notFound(): Response {
  return httpError(404, 'There is no such session: begin a new one with initialize.', { code: -32_001 });
}

function withoutSession(): Response {
  return httpError(400, 'This needs a session: send the header Mcp-Session-Id that initialize has given.');
}
