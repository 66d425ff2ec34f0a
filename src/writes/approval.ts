import type { Ask, Caller, Reply } from '../caller.ts';
import type { Plan } from '../tool.ts';
import type { CodedCall, Codes } from './codes.ts';
import { planText } from './plan_text.ts';

/** Whether a person has agreed, or what the caller is told instead. */
export type Approval = { readonly approved: true } | { readonly instead: Instead };

/** What an answer says while nothing is written. */
type Instead =
  | { readonly status: 'declined'; readonly warning: string }
  | { readonly status: 'confirmation_required'; readonly plan: string; readonly confirm: string };

/** Asks the person at the client; where the client cannot ask, hands out a code for the same call to come again. */
export async function approve(plan: Plan, { ask }: Caller, call: CodedCall, codes: Codes): Promise<Approval> {
  const text = planText(plan);
  if (!ask) return { instead: { status: 'confirmation_required', plan: text, confirm: codes.issue(call, plan) } };
  const refusal = await refusalOf(ask, plan.phrase, text);
  if (refusal === undefined) return { approved: true };
  return { instead: { status: 'declined', warning: `Nothing was written: ${refusal}.` } };
}

const REFUSALS = {
  declined: 'the person at the client declined',
  cancelled: 'the person at the client closed the question',
  unanswered: 'nobody answered within 2 minutes',
  failed: 'the client could not put the question',
} as const satisfies Record<Extract<Reply, { refused: unknown }>['refused'], string>;

/** Why it is not confirmed; a client that answers by itself does not type the phrase. */
async function refusalOf(ask: Ask, phrase: string, text: string): Promise<string | undefined> {
  const field = `Type "${phrase}" to confirm`;
  const reply = await ask(`${field}; anything else leaves everything as it is.\n\n${text}`, field);
  if ('refused' in reply) return REFUSALS[reply.refused];
  return reply.typed.trim().toLowerCase() === phrase
    ? undefined
    : 'what was typed is not the phrase that was asked for';
}

/** The answer in words while nothing is written: what to do comes before the plan, in which others' text stands. */
export function unwrittenText(answer: Readonly<Record<string, unknown>>): string | undefined {
  const { status, warning, plan, confirm } = answer;
  if (status === 'declined') return `declined. ${warning} Ask again only if that person wants it.`;
  if (status !== 'confirmation_required') return undefined;
  return [
    'confirmation_required: nothing has been written yet.',
    'Show this plan to the person you work for. Only if they agree, repeat this very call with',
    `"confirm": "${confirm}" (good for 5 minutes, once).`,
    "The code guards against mistakes and stale plans; consent is that person's, given in the client's own approval",
    'dialog.',
    '',
    `${plan}`,
  ].join('\n');
}
