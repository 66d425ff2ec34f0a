import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Caller, Identity } from '../../tool/caller.ts';
import { createProgress, traceOf } from '../call_meta.ts';
import { createAsk, type Extra } from './ask.ts';
import { createOpenUrl } from './ask_url.ts';

/** What a transport knows of a session beforehand. */
export interface SessionFacts {
  readonly id: string;
  readonly identity?: Identity | undefined;
}

/** One session: its server, its unique id, and who has signed in. */
export interface Session {
  /** Created on first use, because listing the tools needs no id, and creating one loads much of node:crypto. */
  readonly id: () => string;
  readonly identity: Identity | undefined;
  readonly server: Server;
}

export function createSession(server: Server, known?: SessionFacts): Session {
  let created = known?.id;
  const id = () => {
    created ??= crypto.randomUUID();
    return created;
  };
  return { id, server, identity: known?.identity };
}

export function callerOf(extra: Extra, { id, identity, server }: Session): Caller {
  const { signal, sendNotification, _meta } = extra;
  const progress = createProgress(_meta, signal, (params) => {
    // The send fails if the client is gone; the signal then ends the call.
    sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  });
  const { name = 'unknown', version = 'unknown' } = server.getClientVersion() ?? {};
  // Only declared capabilities count, whatever client it is.
  const { form, url } = server.getClientCapabilities()?.elicitation ?? {};
  return {
    signal,
    progress,
    client: { session: id(), identity, name, version },
    ...traceOf(_meta),
    ...(form && { ask: createAsk(extra, progress) }),
    ...(url && { openUrl: createOpenUrl(extra) }),
  };
}
