import * as z from 'zod';
import type { Caller } from '../../tool/caller.ts';
import type { Extra } from './ask.ts';

type OpenUrl = NonNullable<Caller['openUrl']>;

/** How long a person has to answer, ms. */
const ANSWER_MS = 120_000;
const Answer = z.object({ action: z.enum(['accept', 'decline', 'cancel']) });

/** Asks by URL elicitation, related to the call that needs the person. */
export function createOpenUrl({ sendRequest, signal }: Extra): OpenUrl {
  return async (url, message) => {
    const params = { mode: 'url' as const, message, url, elicitationId: crypto.randomUUID() };
    try {
      const request = { method: 'elicitation/create' as const, params };
      const { action } = await sendRequest(request, Answer, { signal, timeout: ANSWER_MS });
      return action === 'decline' ? 'refused' : 'accepted';
    } catch {
      // A person may still have opened the address.
      return 'accepted';
    }
  };
}
