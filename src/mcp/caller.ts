import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import type { Caller } from '../call.ts';

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** Progress goes out only to a client that sent a token; its number must grow with each message. */
export function callerOf({ signal, sendNotification, _meta }: Extra): Caller {
  const progressToken = _meta?.progressToken;
  let progress = 0;
  return {
    signal,
    progress(message) {
      if (progressToken === undefined || signal.aborted) return;
      const params = { progressToken, progress: ++progress, message };
      // A client that is gone hears nothing; its call ends by its signal.
      sendNotification({ method: 'notifications/progress', params }).catch(() => {});
    },
  };
}
