import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import { ErrorCode, McpError, type ServerNotification, type ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import * as z from 'zod';
import type { Ask, Caller } from '../../tool/caller.ts';
import { formOf, replyOf } from '../question_form.ts';

/** What the SDK gives the handler of a request. */
export type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

/** How long a person has to answer, ms; Claude Desktop ends a call after four minutes. */
const ANSWER_MS = 120_000;
/** Progress is sent this often, because some clients end a call without progress after a minute. */
const PROGRESS_MS = 10_000;
/** The SDK's own schema refuses a form that is right but for a further field that is null. */
const Answer = z.object({ action: z.enum(['accept', 'decline', 'cancel']), content: z.unknown().optional() });

/** Asks by form elicitation, related to the call that needs the answer. Cancelling the call cancels the question. */
export function createAsk({ sendRequest, signal }: Extra, progress: Caller['progress']): Ask {
  return async (message, field) => {
    const progressTimer = setInterval(() => progress('Waiting for a person to confirm.'), PROGRESS_MS);
    try {
      const request = { method: 'elicitation/create' as const, params: formOf(message, field) };
      return replyOf(await sendRequest(request, Answer, { signal, timeout: ANSWER_MS }));
    } catch (error) {
      const isTimeout = error instanceof McpError && error.code === ErrorCode.RequestTimeout;
      return { refused: isTimeout ? 'unanswered' : 'failed' };
    } finally {
      clearInterval(progressTimer);
    }
  };
}
