import { once } from 'node:events';
import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { getRequestListener } from '@hono/node-server';
import type { HttpConfig } from '../../../config/http_config.ts';
import type { Log } from '../../../core/log.ts';
import type { CreateLegacyServer } from '../../legacy/server.ts';
import type { ModernServer } from '../../modern/server.ts';
import type { SignIn } from '../sign_in/sign_in.ts';
import { createGuard } from './guard.ts';
import type { Hook } from './hook_route.ts';
import { createMcpRoute, type McpRoute } from './mcp_route.ts';
import { createModernRoute } from './modern_route.ts';
import { createOpenPosts } from './open_posts.ts';
import { createSessionIds, type SessionIds } from './session_id.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createSlots } from './slots.ts';
import { createWebApp } from './web_app.ts';

export interface DoorOptions {
  readonly http: HttpConfig;
  /** Creates the server of one session, of the revisions that have sessions. */
  readonly legacy: CreateLegacyServer;
  readonly modern: ModernServer;
  /** Signs session ids. */
  readonly signingKey: Buffer;
  /** Absent where nobody has to sign in. */
  readonly signIn?: SignIn | undefined;
  /** Absent where no flow delivers alerts. */
  readonly hook?: Hook | undefined;
  /** What `/metrics` answers; it is given the number of sessions. */
  readonly metrics?: ((sessions: number) => string) | undefined;
  /** Other processes that serve the same sessions. */
  readonly replicas?: Replicas | undefined;
  readonly log: Log;
  readonly limits?: Partial<DoorLimits>;
}

/** Lets any of several processes take any request of any session. */
export interface Replicas {
  /** @param parts what this process alone would answer requests with */
  route(parts: { readonly route: McpRoute; readonly sessions: Sessions; readonly ids: SessionIds }): McpRoute;
  onSessionEnd(session: string): void;
}

/** What keeps one client, or many, from using up the process. */
interface DoorLimits {
  /** A session that is idle for so long ends, ms. */
  readonly idleMs: number;
  /** Requests of a session, and of all, that may wait for their answers. */
  readonly perSession: number;
  readonly total: number;
  /** Longest body, in bytes, and longest time until it has arrived, ms. */
  readonly bodyBytes: number;
  readonly bodyMs: number;
}

export interface Door extends Pick<Sessions, 'endOf'> {
  /** Of the MCP endpoint. */
  readonly url: string;
  /** Takes no more requests; those that were taken are answered. */
  end(): void;
  /** Ends all sessions, and then all connections. */
  close(): Promise<void>;
}

const LIMITS: DoorLimits = {
  idleMs: 30 * 60_000,
  perSession: 100,
  total: 1_000,
  bodyBytes: 1024 * 1024,
  bodyMs: 30_000,
};

/** Longer than the proxies in front, who else might use a connection that is just being closed, ms. */
const KEEP_ALIVE_MS = 75_000;

/** Access tokens with many groups are long. */
const MAX_HEADER_BYTES = 32 * 1024;

/** How long the last answers may take to leave, ms. */
const LAST_MS = 100;

/** Opens Streamable HTTP. @throws Node's error if the address cannot be opened */
export async function openDoor(options: DoorOptions): Promise<Door> {
  const { http, legacy, signingKey, signIn, replicas, hook, metrics, log } = options;
  const { idleMs, perSession, total, bodyBytes, bodyMs } = { ...LIMITS, ...options.limits };
  let isEnding = false;
  const ids = createSessionIds(signingKey);
  const onEnd = replicas?.onSessionEnd;
  const sessions = createSessions({ createServer: legacy, ids, most: http.sessions, idleMs, onEnd, log });
  const calls = createSlots(total);
  const posts = createOpenPosts();
  const modern = createModernRoute(options.modern, { calls, posts }, { perSession, total });
  const route = createMcpRoute({ sessions, modern, calls, posts, limits: { perSession, total } });
  const app = createWebApp({
    guard: createGuard(http),
    route: replicas?.route({ route, sessions, ids }) ?? route,
    signIn,
    tokens: http.tokens,
    hook,
    metrics: metrics && (() => metrics(sessions.count())),
    bodyBytes,
    isEnding: () => isEnding,
    log,
  });
  const server = createServer(timeoutsOf(bodyMs), getRequestListener(app.fetch));
  server.listen(http.port, http.host);
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : http.port;
  const host = http.host.includes(':') ? `[${http.host}]` : http.host;
  return {
    url: `http://${host}:${port}/mcp`,
    endOf(isGone) {
      sessions.endOf(isGone);
      posts.endOf(isGone);
      modern.end((identity) => identity !== undefined && isGone(identity));
    },
    end() {
      isEnding = true;
      server.close();
      modern.end();
    },
    async close() {
      sessions.close();
      await delay(LAST_MS);
      server.closeAllConnections();
    },
  };
}

function timeoutsOf(bodyMs: number) {
  return {
    requestTimeout: bodyMs,
    headersTimeout: bodyMs,
    connectionsCheckingInterval: Math.min(bodyMs, 5_000),
    keepAliveTimeout: KEEP_ALIVE_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
}
