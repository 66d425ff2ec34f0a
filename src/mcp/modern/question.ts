import type { Answered, Ask, Caller } from '../../tool/caller.ts';
import { isObject, type JsonObject, presentMembers } from '../json_object.ts';
import { canAskByForm, formOf, replyOf } from '../question_form.ts';
import type { ModernRequest } from './request.ts';

type OpenUrl = NonNullable<Caller['openUrl']>;

/** The names of what a call can ask. */
const CONFIRMATION = 'confirmation';
const ADDRESS = 'address';

interface Question {
  /** Absent if the client cannot ask by form. */
  readonly ask?: Ask;
  /** Absent if the client cannot open addresses. */
  readonly openUrl?: OpenUrl;
  /** The result that puts the question, if there is one. */
  question(): JsonObject | undefined;
}

/** Puts the questions of calls, and hears the answers that come with later ones. */
export interface Questions {
  /**
   * Notes what a call asks, so that its result can be the question. The call hears that the answer comes later.
   * @param end ends the call, because an address is to be opened; what it has waited for goes on without it
   */
  of(request: ModernRequest, end: () => void): Question;
  /** The person's answer that comes with a call. Without a whole one the call asks anew. */
  answeredOf(params: JsonObject): { answered?: Answered };
}

export function createQuestions(): Questions {
  // One person signs in at a time, so no answer has to say which address it is about.
  let refuse = () => {};
  return {
    of({ capabilities: { elicitation } }, end) {
      let put: JsonObject | undefined;
      const ask: Ask = async (message, field, resume) => {
        put = { ...asking(CONFIRMATION, { mode: 'form', ...formOf(message, field) }), requestState: await resume() };
        return { refused: 'later' };
      };
      const openUrl: OpenUrl = (url, message) => {
        put = asking(ADDRESS, { mode: 'url', message, url, elicitationId: crypto.randomUUID() });
        end();
        return new Promise((resolve) => {
          refuse = () => resolve('refused');
        });
      };
      const canOpen = Boolean(presentMembers(elicitation).url);
      return { question: () => put, ...(canAskByForm(elicitation) && { ask }), ...(canOpen && { openUrl }) };
    },
    answeredOf({ requestState, inputResponses }) {
      const { [ADDRESS]: address, [CONFIRMATION]: confirmation } = presentMembers(inputResponses);
      if (isObject(address) && address.action === 'decline') refuse();
      if (typeof requestState !== 'string' || !isObject(confirmation)) return {};
      const { action, content } = confirmation;
      if (action !== 'accept' && action !== 'decline' && action !== 'cancel') return {};
      return { answered: { resumed: requestState, reply: replyOf({ action, content }) } };
    },
  };
}

function asking(name: string, params: object) {
  return { resultType: 'input_required', inputRequests: { [name]: { method: 'elicitation/create', params } } };
}
