import type { Answered, Ask } from '../../tool/caller.ts';
import { isObject, type JsonObject } from '../json_object.ts';
import { canAskByForm, formOf, replyOf } from '../question_form.ts';
import type { ModernRequest } from './request.ts';

/** The name of the only question that a call puts. */
const CONFIRMATION = 'confirmation';

interface Question {
  /** Absent if the client cannot ask by form. */
  readonly ask?: Ask;
  /** The result that puts the question, if there is one. */
  question(): JsonObject | undefined;
}

/** Notes what a call asks, so that its result can be the question. The call hears that the answer comes later. */
export function createQuestion({ capabilities }: ModernRequest): Question {
  if (!canAskByForm(capabilities.elicitation)) return { question: () => undefined };
  let put: JsonObject | undefined;
  return {
    question: () => put,
    async ask(message, field, resume) {
      const params = { mode: 'form', ...formOf(message, field) };
      const inputRequests = { [CONFIRMATION]: { method: 'elicitation/create', params } };
      put = { resultType: 'input_required', inputRequests, requestState: await resume() };
      return { refused: 'later' };
    },
  };
}

/** The person's answer that comes with a call. Without a whole one the call asks anew. */
export function answeredOf({ requestState, inputResponses }: JsonObject): { answered?: Answered } {
  const given = isObject(inputResponses) ? inputResponses[CONFIRMATION] : undefined;
  if (typeof requestState !== 'string' || !isObject(given)) return {};
  const { action, content } = given;
  if (action !== 'accept' && action !== 'decline' && action !== 'cancel') return {};
  return { answered: { resumed: requestState, reply: replyOf({ action, content }) } };
}
