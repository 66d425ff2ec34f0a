import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Caller } from '../tool/caller.ts';
import { createAsk, type Extra } from './ask.ts';

/** One session: its server, and an id that no other session has. */
export interface Session {
  /** Made at its first use: listing tools does not need it, and making it loads half of node:crypto. */
  readonly id: () => string;
  readonly server: Server;
}

export function createSession(server: Server): Session {
  let made: string | undefined;
  const id = () => {
    made ??= crypto.randomUUID();
    return made;
  };
  return { id, server };
}

/** Who makes a request. Progress goes out only to a client that sent a token; its number must grow each time. */
export function callerOf(extra: Extra, { id, server }: Session): Caller {
  const { signal, sendNotification, _meta } = extra;
  const progressToken = _meta?.progressToken;
  let sent = 0;
  const progress = (message: string) => {
    if (progressToken === undefined || signal.aborted) return;
    const params = { progressToken, progress: ++sent, message };
    // The client may be gone; then the signal ends its call.
    sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  };
  const { name = 'unknown', version = 'unknown' } = server.getClientVersion() ?? {};
  // Only what the client declares counts, whatever its name.
  const canAsk = server.getClientCapabilities()?.elicitation?.form !== undefined;
  return {
    signal,
    progress,
    client: { session: id(), name, version },
    ...(canAsk && { ask: createAsk(extra, progress) }),
  };
}
