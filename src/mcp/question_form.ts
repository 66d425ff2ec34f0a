import type { Reply } from '../tool/caller.ts';
import { isObject, presentMembers } from './json_object.ts';

/** A question to a person as both eras put it: a form with one line of text. */
export function formOf(message: string, field: string) {
  const properties = { phrase: { type: 'string' as const, title: field, description: field, minLength: 1 } };
  return { message, requestedSchema: { type: 'object' as const, properties, required: ['phrase'] } };
}

/** What a client sends back for a form. */
export interface FormAnswer {
  readonly action: 'accept' | 'decline' | 'cancel';
  readonly content?: unknown;
}

export function replyOf({ action, content }: FormAnswer): Reply {
  if (action !== 'accept') return { refused: action === 'decline' ? 'declined' : 'cancelled' };
  const typed = isObject(content) ? content.phrase : undefined;
  return { typed: typeof typed === 'string' ? typed : '' };
}

/**
 * A client that declares elicitation with anything but only `url` can ask by form.
 * @param elicitation the capability as it is declared
 */
export function canAskByForm(elicitation: unknown): boolean {
  if (!isObject(elicitation)) return Boolean(elicitation);
  const { form, url, ...others } = presentMembers(elicitation);
  return form !== false && (form !== undefined || !url || Object.keys(others).length > 0);
}
