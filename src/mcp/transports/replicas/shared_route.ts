import type { McpRequest } from '../http/mcp_request.ts';
import { type McpRoute, notFound, SESSION_ID } from '../http/mcp_route.ts';
import { isModernPost } from '../http/modern_route.ts';
import type { SessionIds, SessionRecord } from '../http/session_id.ts';
import type { Sessions } from '../http/sessions.ts';
import type { Owners } from './owners.ts';
import type { Relay } from './relay.ts';
import { callerOf, readOnce } from './requests.ts';

type Method = keyof McpRoute;

export interface SharedRouteOptions {
  /** Answers what this replica holds, and notes what sessions subscribe to. */
  readonly route: McpRoute;
  readonly sessions: Sessions;
  readonly ids: SessionIds;
  readonly owners: Owners;
  readonly relay: Relay;
  /** Of this replica. */
  readonly own: string;
  /** The sessions that this replica holds, with the resources that they are subscribed to. */
  readonly held: Map<string, Set<string>>;
}

/** How often a replica that has gone may be followed by another that has gone. */
const ATTEMPTS = 3;

/**
 * Each session is held by one replica, which answers all its requests, also those that clients send to another. So a
 * person's answer, a cancellation and a stream find each other. When that replica ends, the next one that gets a
 * request of the session begins it anew from its id.
 */
export function createSharedRoute(options: SharedRouteOptions): McpRoute {
  const { route, ids } = options;
  const serve = async (method: Method, request: McpRequest): Promise<Response> => {
    // A request that stands alone has no session, whatever its headers say.
    const id = isModernPost(request.headers, undefined) ? null : request.headers.get(SESSION_ID);
    // What is another caller's is refused here, like an id that is none.
    const record = id === null ? undefined : ids.read(id, callerOf(request));
    if (!record) return withClaim(options, request, await route[method](request));
    const replica = await ownerOf(options, record, method, request);
    if (replica instanceof Response) return replica;
    return route[method](request);
  };
  return {
    POST: (request) => serve('POST', readOnce(request)),
    GET: (request) => serve('GET', request),
    DELETE: (request) => serve('DELETE', request),
  };
}

/** Claims the session that a response has begun. */
async function withClaim(
  { ids, owners, held }: SharedRouteOptions,
  request: McpRequest,
  response: Response,
): Promise<Response> {
  const begun = ids.read(response.headers.get(SESSION_ID) ?? '', callerOf(request));
  if (begun) {
    held.set(begun.session, new Set());
    await owners.claim(begun.session).catch(() => {});
  }
  return response;
}

/** @returns the answer of another replica, or that this one has to answer */
async function ownerOf(
  options: SharedRouteOptions,
  { session }: SessionRecord,
  method: Method,
  request: McpRequest,
): Promise<Response | 'here'> {
  const { owners, relay, own, held } = options;
  let gone: string | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    // Without Redis, each replica begins sessions anew as it needs them.
    const owner = await owners.claim(session, gone).catch(() => own);
    if (owner === 'over') return notFound();
    if (owner === own) {
      if (!held.has(session)) await takeOver(options, session, request);
      return 'here';
    }
    held.delete(session);
    const answer = await relay.ask(owner, method, request);
    if (answer !== 'gone') return answer;
    gone = owner;
  }
  return 'here';
}

/** Begins a session anew that another replica has held, with its subscriptions. */
async function takeOver(options: SharedRouteOptions, session: string, request: McpRequest): Promise<void> {
  options.held.set(session, new Set());
  await resubscribe(options, session, request);
}

/** How soon Redis is asked again, ms. */
const AGAIN_MS = 1_000;

/** Subscribes to what the session was subscribed to, as soon as Redis tells it. */
async function resubscribe(options: SharedRouteOptions, session: string, request: McpRequest): Promise<void> {
  const { sessions, owners, held } = options;
  const { headers, identity } = request;
  const uris = await owners.subscribed(session).catch(() => undefined);
  const known = held.get(session);
  // The session has ended here, or another replica holds it now.
  if (!known) return;
  if (!uris) {
    setTimeout(() => void resubscribe(options, session, request), AGAIN_MS).unref();
    return;
  }
  const missing = uris.filter((uri) => !known.has(uri));
  const id = headers.get(SESSION_ID);
  const live = id !== null && missing.length > 0 ? await sessions.find(id, identity) : undefined;
  if (id === null || live === undefined || live === 'full') return;
  for (const uri of missing) {
    known.add(uri);
    // Nobody knows what the other replica could still tell. Told only now, nothing can change unnoticed in between.
    const tell = () => live.server.sendResourceUpdated({ uri });
    subscribe(options.route, { id, identity, uri })
      .then(tell)
      .catch(() => {});
  }
}

interface Subscription {
  /** Of the session, as its client sends it. */
  readonly id: string;
  readonly identity: McpRequest['identity'];
  readonly uri: string;
}

/** Resolves when the present state of the resource is known, from which a change is told. */
async function subscribe(route: McpRoute, { id, identity, uri }: Subscription): Promise<void> {
  const message = { jsonrpc: '2.0', id: uri, method: 'resources/subscribe', params: { uri } };
  const headers = new Headers({ [SESSION_ID]: id, 'content-type': 'application/json', accept: 'application/json' });
  const gone = new AbortController();
  const text = async () => JSON.stringify(message);
  const response = await route.POST({ headers, identity, text, gone: () => gone.signal });
  await response.text();
}
