import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import {
  ElicitResultSchema,
  ErrorCode,
  McpError,
  type ServerNotification,
  type ServerRequest,
} from '@modelcontextprotocol/sdk/types.js';
import type { Ask, Caller } from '../tool/caller.ts';

/** What the SDK gives the handler of a request. */
export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** How long a person may take to answer, ms. Claude Desktop gives up a call after four minutes. */
const PATIENCE_MS = 120_000;
/** How often progress is sent while a person decides, ms. Some clients give up a call that is silent for a minute. */
const TELL_MS = 10_000;

/** Asks by form elicitation. The question is part of the call: it goes out on the call's stream and ends with it. */
export function createAsk({ sendRequest, signal }: Extra, progress: Caller['progress']): Ask {
  return async (message, field) => {
    const properties = { phrase: { type: 'string' as const, title: field, description: field, minLength: 1 } };
    const requestedSchema = { type: 'object' as const, properties, required: ['phrase'] };
    const telling = setInterval(() => progress('Waiting for a person to confirm.'), TELL_MS);
    try {
      const { action, content } = await sendRequest(
        { method: 'elicitation/create', params: { message, requestedSchema } },
        ElicitResultSchema,
        { signal, timeout: PATIENCE_MS },
      );
      if (action !== 'accept') return { refused: action === 'decline' ? 'declined' : 'cancelled' };
      const typed = content?.phrase;
      return { typed: typeof typed === 'string' ? typed : '' };
    } catch (error) {
      const isTimeout = error instanceof McpError && error.code === ErrorCode.RequestTimeout;
      return { refused: isTimeout ? 'unanswered' : 'failed' };
    } finally {
      clearInterval(telling);
    }
  };
}
