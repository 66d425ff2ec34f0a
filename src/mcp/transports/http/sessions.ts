import { randomUUID } from 'node:crypto';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Log } from '../../../core/log.ts';
import type { Identity } from '../../../tool/caller.ts';
import type { SessionFacts } from '../../legacy/session.ts';
import { createLiveSessions, type LiveSession } from './live_sessions.ts';
import type { SessionIds, SessionRecord } from './session_id.ts';
import { createSessionTransport, type SessionTransport } from './session_transport.ts';

/** The sessions that callers can use here. One that this process does not serve yet is begun anew from its id. */
export interface Sessions {
  /** Begins a session, which is kept once its client has introduced itself; undefined if there is no room. */
  begin(revision: string, identity: Identity | undefined): Promise<LiveSession | undefined>;
  /** Keeps a session whose client has introduced itself. @returns its id, undefined if the client has not */
  keep(live: LiveSession, revision: string): string | undefined;
  /** A session of one POST, for a client that has no id. */
  beginForOne(identity: Identity | undefined): Promise<LiveSession>;
  /** @returns undefined for an id that is unknown, over, or another caller's; 'full' if there is no room */
  find(id: string, identity: Identity | undefined): Promise<LiveSession | 'full' | undefined>;
  /** Ends a session for good. @returns false for an id that the caller cannot use */
  end(id: string, identity: Identity | undefined): boolean;
  /** Ends the sessions of callers that may not come in any more. */
  endOf(isGone: (identity: Identity) => boolean): void;
  /** How many are kept in memory. */
  count(): number;
  close(): void;
}

export interface SessionsOptions {
  readonly createServer: (facts: SessionFacts) => Server;
  readonly ids: SessionIds;
  /** How many are kept; the one that has been idle longest goes first. */
  readonly most: number;
  /** A session that is idle for so long ends. */
  readonly idleMs: number;
  /** Called when a session has ended for good. */
  readonly onEnd?: ((session: string) => void) | undefined;
  readonly log: Log;
}

/** A session is good for so long, however much it is used, ms. */
const LIFETIME_MS = 7 * 24 * 3_600_000;

export function createSessions({ createServer, ids, most, idleMs, onEnd, log }: SessionsOptions): Sessions {
  const live = createLiveSessions(most, idleMs, onEnd ?? (() => {}));
  const sweep = setInterval(live.sweep, Math.min(idleMs, 30_000)).unref();
  const connect = (revision: string | undefined, facts: SessionFacts) =>
    connectServer(createServer(facts), revision, facts, log);
  const recordOf = (id: string, identity: Identity | undefined) => {
    const record = ids.read(id, callerOf(identity));
    return record && isGood(record) && !live.isOver(record.session) ? record : undefined;
  };
  const beginAgain = async (record: SessionRecord, identity: Identity | undefined) => {
    const again = await connect(record.revision, { id: record.session, identity });
    await introduce(again.transport, record);
    const sooner = live.get(record.session);
    if (sooner) await again.server.close();
    return live.touch(sooner ?? again);
  };
  return {
    begin: async (revision, identity) =>
      live.makeRoom() ? connect(revision, { id: randomUUID(), identity }) : undefined,
    // All such sessions of a caller share an id, by which a code of one call is good in the next.
    beginForOne: (identity) => connect(undefined, { id: `none ${callerOf(identity)}`, identity }),
    keep(begun, revision) {
      const record = recordFor(begun, revision);
      if (record) live.touch(begun);
      return record && ids.write(record, callerOf(begun.identity));
    },
    async find(id, identity) {
      const record = recordOf(id, identity);
      if (!record) return undefined;
      const found = live.get(record.session);
      if (found?.identity?.mayWrite === identity?.mayWrite && found) return live.touch(found);
      // What the caller may do has changed, so the list of tools has, too.
      if (found) live.drop(record.session);
      return live.makeRoom() ? beginAgain(record, identity) : 'full';
    },
    end(id, identity) {
      const record = recordOf(id, identity);
      if (record) live.end(record.session);
      return record !== undefined;
    },
    endOf(isGone) {
      for (const { session, identity } of live.all()) if (identity && isGone(identity)) live.end(session);
    },
    count: () => live.all().length,
    close() {
      clearInterval(sweep);
      for (const { session } of live.all()) live.drop(session);
    },
  };
}

async function connectServer(
  server: Server,
  revision: string | undefined,
  { id, identity }: SessionFacts,
  log: Log,
): Promise<LiveSession> {
  const transport = createSessionTransport(revision);
  // The content of a message is not logged.
  server.onerror = (error) => log.debug('protocol', { error });
  await server.connect(transport);
  return { session: id, identity, server, transport };
}

function isGood({ since }: SessionRecord): boolean {
  return Date.now() - since < LIFETIME_MS;
}

function callerOf(identity: Identity | undefined): string {
  return identity?.id ?? '';
}

/** Undefined if the client has not introduced itself. */
function recordFor({ session, server }: LiveSession, revision: string): SessionRecord | undefined {
  const client = server.getClientVersion();
  if (!client) return undefined;
  const canAsk = server.getClientCapabilities()?.elicitation?.form !== undefined;
  return { session, revision, canAsk, client, since: Date.now() };
}

/** Tells a new server what the client has told the one before it. */
async function introduce(transport: SessionTransport, { revision, canAsk, client }: SessionRecord): Promise<void> {
  const capabilities = canAsk ? { elicitation: {} } : {};
  const params = { protocolVersion: revision, capabilities, clientInfo: client };
  const messages = [
    { jsonrpc: '2.0', id: 0, method: 'initialize', params },
    { jsonrpc: '2.0', method: 'notifications/initialized' },
  ];
  const accepts = { json: true, stream: false };
  await transport.post(messages, { accepts, isBatch: false, onDone: () => {} });
}
