import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Identity } from '../../../tool/caller.ts';
import type { SessionTransport } from './session_transport.ts';

/** A session that this process serves. */
export interface LiveSession {
  readonly session: string;
  readonly identity: Identity | undefined;
  readonly server: Server;
  readonly transport: SessionTransport;
}

/** Those sessions that are kept in memory, and the ids of those that have ended. */
export interface LiveSessions {
  get(session: string): LiveSession | undefined;
  all(): readonly LiveSession[];
  /** Adds a session, or notes its use. */
  touch<Live extends LiveSession>(live: Live): Live;
  /** Forgets the session that has been idle longest if there are too many. @returns false if none is idle */
  makeRoom(): boolean;
  /** Forgets a session; it can be begun anew from its record. */
  drop(session: string): void;
  /** Ends a session for good. */
  end(session: string): void;
  isOver(session: string): boolean;
  /** Ends sessions that have been idle for too long. */
  sweep(): void;
}

/** The most ended sessions that are remembered. */
const MAX_ENDED = 10_000;

/** @param onEnd called when a session has ended for good */
export function createLiveSessions(most: number, idleMs: number, onEnd: (session: string) => void): LiveSessions {
  /** In the order of their last use. */
  const live = new Map<string, LiveSession & { readonly used: number }>();
  const ended = new Set<string>();
  const drop = (session: string) => {
    const found = live.get(session);
    live.delete(session);
    // Closing answers what is open, and ends the subscriptions.
    found?.server.close().catch(() => {});
  };
  const touch: LiveSessions['touch'] = (used) => {
    live.delete(used.session);
    live.set(used.session, { ...used, used: performance.now() });
    return used;
  };
  const end = (session: string) => {
    ended.add(session);
    const [oldest = ''] = ended;
    if (ended.size > MAX_ENDED) ended.delete(oldest);
    drop(session);
    onEnd(session);
  };
  return {
    touch,
    drop,
    end,
    get: (session) => live.get(session),
    all: () => [...live.values()],
    makeRoom() {
      if (live.size < most) return true;
      const idle = [...live.values()].find(({ transport }) => transport.isIdle());
      if (idle) drop(idle.session);
      return idle !== undefined;
    },
    isOver: (session) => ended.has(session),
    sweep() {
      for (const found of [...live.values()]) {
        if (!found.transport.isIdle()) touch(found);
        else if (performance.now() - found.used >= idleMs) end(found.session);
      }
    },
  };
}
