import type { HttpBindings } from '@hono/node-server';
import { InsufficientScopeError, InvalidTokenError } from '@modelcontextprotocol/sdk/server/auth/errors.js';
import type { OAuthProtectedResourceMetadata } from '@modelcontextprotocol/sdk/shared/auth.js';
import { type Context, Hono } from 'hono';
import { cors } from 'hono/cors';
import type { HttpConfig } from '../../../config/http_config.ts';
import type { Log } from '../../../core/log.ts';
import type { Identity } from '../../../tool/caller.ts';
import { METADATA_PATH, scopesOf } from '../sign_in/scopes.ts';
import { type Denied, isDenied, type SignIn } from '../sign_in/sign_in.ts';
import { jsonResponse } from './exchange.ts';
import type { Addressed, Guard } from './guard.ts';
import { createHookRoute, HOOK_PATH, type Hook } from './hook_route.ts';
import type { McpRequest } from './mcp_request.ts';
import type { McpRoute } from './mcp_route.ts';
import { pageOf } from './page.ts';
import { httpError } from './read_request.ts';
import { readText } from './read_text.ts';

export interface WebAppOptions {
  readonly guard: Guard;
  readonly route: McpRoute;
  /** Absent where nobody has to sign in. */
  readonly signIn: SignIn | undefined;
  /** Access tokens are one way to sign in. */
  readonly tokens: HttpConfig['tokens'];
  /** Absent where no flow delivers alerts. */
  readonly hook: Hook | undefined;
  /** In Prometheus' text form. */
  readonly metrics: (() => string) | undefined;
  /** Longest body of a request, in bytes. */
  readonly bodyBytes: number;
  /** The server ends, so it takes no more requests. */
  readonly isEnding: () => boolean;
  readonly log: Log;
}

type Environment = { Bindings: HttpBindings };

/** All routes of the door. `Host` and `Origin` are checked before any of them, and before what has no route. */
export function createWebApp(options: WebAppOptions): Hono<Environment> {
  const { guard, log, isEnding } = options;
  // People write URLs with a slash at the end, too.
  const app = new Hono<Environment>({ strict: false });
  app.onError((error, { env }) => {
    // A client that has gone gets no answer.
    if (!env.incoming.destroyed) log.error('a request failed', { error });
    return httpError(500, 'The request failed.');
  });
  app.notFound(() => httpError(404, 'There is nothing here; MCP is at /mcp.'));
  app.use(async (context, next) => {
    const problem = guard.problem(addressed(context));
    if (problem) {
      log.warn('a request was refused', { header: problem });
      return httpError(403, `The header ${problem} names what this server does not answer to.`);
    }
    if (isEnding()) return httpError(503, 'The server ends.', { headers: { connection: 'close', 'retry-after': '5' } });
    return next();
  });
  const allowOrigin = cors({
    // Others have been refused.
    origin: (origin) => origin,
    allowMethods: ['GET', 'POST', 'DELETE'],
    exposeHeaders: ['Mcp-Session-Id', 'WWW-Authenticate', 'Retry-After'],
    maxAge: 600,
  });
  app.use((context, next) => (context.req.header('origin') ? allowOrigin(context, next) : next()));
  app.get('/healthz', () => jsonResponse({ status: 'ok' }));
  app.get('/', (context) => page(`${guard.originOf(addressed(context))}/mcp`, options.signIn !== undefined));
  addMetadata(app, options);
  addHook(app, options);
  addMcp(app, options);
  return app;
}

function addMcp(app: Hono<Environment>, options: WebAppOptions): void {
  const { guard, route, signIn, metrics, log } = options;
  type Answer = (context: Context<Environment>, identity: Identity | undefined) => Promise<Response>;
  const signedIn = (answer: Answer) => async (context: Context<Environment>) => {
    const identity = await signIn?.(context.req.raw.headers);
    if (!identity || !isDenied(identity)) return answer(context, identity);
    log.warn('a caller was refused', { status: identity.status, why: identity.description });
    return deniedResponse(identity, options, guard.originOf(addressed(context)));
  };
  const handle = (method: keyof McpRoute, text?: string) =>
    signedIn((context, identity) => route[method](toMcpRequest(context, identity, text)));
  // A body may come slowly, and what its sender may do may have changed when it is there.
  const handlePost = signedIn(async (context) =>
    handle('POST', await readText(context.env.incoming, options.bodyBytes))(context),
  );
  if (metrics)
    app.get(
      '/metrics',
      signedIn(async () => metricsResponse(metrics())),
    );
  const refuseMethod = () => httpError(405, 'Use POST, GET or DELETE.', { headers: { allow: 'GET, POST, DELETE' } });
  // A route for GET takes HEAD, too, and would open a stream that nobody reads.
  app.use('/mcp', (context, next) => (context.req.raw.method === 'HEAD' ? Promise.resolve(refuseMethod()) : next()));
  app.post('/mcp', handlePost);
  app.get('/mcp', handle('GET'));
  app.delete('/mcp', handle('DELETE'));
  app.all('/mcp', refuseMethod);
}

function addHook(app: Hono<Environment>, { hook, log }: WebAppOptions): void {
  if (!hook) return;
  const route = createHookRoute(hook, log);
  app.post(HOOK_PATH, ({ req, env }) => route(req.raw.headers, (most) => readText(env.incoming, most)));
}

function addressed({ req, env }: Context<Environment>): Addressed {
  return { target: env.incoming.url, headers: req.raw.headers, peer: env.incoming.socket.remoteAddress };
}

function toMcpRequest(
  { req }: Context<Environment>,
  identity: Identity | undefined,
  text: string | undefined,
): McpRequest {
  return {
    headers: req.raw.headers,
    identity,
    text: async () => text,
    gone: () => req.raw.signal,
  };
}

/** As RFC 6750 and the authorization specification of MCP want it. */
function deniedResponse({ status, error, description }: Denied, { tokens }: WebAppOptions, origin: string): Response {
  if (status === 503) return httpError(503, description, { headers: { 'retry-after': '15' } });
  const OAuthError = status === 403 ? InsufficientScopeError : InvalidTokenError;
  const challenge = {
    ...(error !== undefined && { error, error_description: description }),
    ...(tokens && { scope: scopesOf(tokens.audience).join(' '), resource_metadata: `${origin}${METADATA_PATH}/mcp` }),
  };
  const parameters = Object.entries(challenge).map(([name, value]) => `${name}="${value}"`);
  const headers = { 'www-authenticate': ['Bearer', parameters.join(', ')].filter(Boolean).join(' ') };
  return jsonResponse(new OAuthError(description).toResponseObject(), status, headers);
}

/** Tells clients where to get a token (RFC 9728). */
function addMetadata(app: Hono<Environment>, { guard, tokens }: WebAppOptions): void {
  if (!tokens) return;
  const answer = (context: Context<Environment>) => {
    const metadata: OAuthProtectedResourceMetadata = {
      resource: `${guard.originOf(addressed(context))}/mcp`,
      authorization_servers: [tokens.issuer],
      scopes_supported: scopesOf(tokens.audience),
      bearer_methods_supported: ['header'],
      resource_name: 'Microsoft Defender for Cloud Apps',
    };
    return jsonResponse(metadata);
  };
  app.get(METADATA_PATH, answer);
  app.get(`${METADATA_PATH}/mcp`, answer);
}

function metricsResponse(text: string): Response {
  const headers = { 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'cache-control': 'no-store' };
  return new Response(text, { headers });
}

function page(url: string, needsSignIn: boolean): Response {
  const headers = {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
  };
  return new Response(pageOf(url, needsSignIn), { headers });
}
