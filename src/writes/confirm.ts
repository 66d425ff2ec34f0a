import type { ReadApi } from '../http/client.ts';
import type { Ask, Caller, Reply } from '../tool/caller.ts';
import { type ApprovedStates, type Plan, statesOf } from '../tool/plan.ts';
import type { WriteTool } from '../tool/tool.ts';
import type { CodedCall, ConfirmationCodes } from './confirmation_codes.ts';
import type { Continuations } from './continuations.ts';
import { planText } from './plan_text.ts';

type Values = Readonly<Record<string, unknown>>;

/** One call of a write that has to be confirmed. */
export interface PendingWrite {
  readonly tool: WriteTool;
  readonly call: CodedCall;
  readonly reader: ReadApi;
  readonly caller: Caller;
}

/** What was confirmed and how, or the answer that the caller gets instead while nothing is written. */
export type Confirmation = Agreed | { readonly instead: Values };

/** A write that may be carried out. */
export interface Agreed {
  /** What was agreed to; undefined where nobody is asked. */
  readonly states: ApprovedStates | undefined;
  readonly by: 'person' | 'code' | 'not_asked';
  /** Makes a used code valid again, for when nothing was written. */
  giveBack(): Promise<void>;
}

/** How a call that comes again shows what it has been given. */
interface Proofs {
  readonly codes: ConfirmationCodes;
  readonly continuations: Continuations;
}

/**
 * Redeems the person's answer that came with the call, or its code. Without these, asks the person, or issues a code
 * if the client cannot ask. @throws Fault
 */
export async function confirm(
  { tool, call, reader, caller }: PendingWrite,
  code: unknown,
  { codes, continuations }: Proofs,
): Promise<Confirmation> {
  // A person who has answered decides, whatever code an agent sends.
  if (caller.answered) {
    // Taken before it is read: what a person has declined must not be good for another answer.
    const { phrase, states, giveBack } = await continuations.redeem(caller.answered.resumed, call);
    const refusal = refusalOf(caller.answered.reply, phrase);
    if (refusal === undefined) return { states, by: 'person', giveBack };
    return { instead: declined(await tool.plan(call.input, reader), refusal) };
  }
  if (code !== undefined) return { ...(await codes.redeem(String(code), call)), by: 'code' };
  const plan = await tool.plan(call.input, reader);
  if (plan.targets.length === 0) return { instead: plan.current };
  if (!caller.ask) return { instead: await confirmationRequired(plan, codes.issue(call, plan)) };
  const asked = { phrase: plan.phrase, states: statesOf(plan) };
  const reply = await ask(caller.ask, plan, () => continuations.issue(call, asked));
  const refusal = refusalOf(reply, plan.phrase);
  if (refusal === undefined) return { states: asked.states, by: 'person', giveBack: async () => {} };
  return { instead: declined(plan, refusal) };
}

function declined({ current }: Plan, refusal: string): Values {
  return { ...current, status: 'declined', warning: `Nothing was written: ${refusal}.` };
}

async function confirmationRequired(plan: Plan, code: Promise<string>): Promise<Values> {
  const confirm = await code;
  const current = Object.entries(plan.current).filter(([, value]) => !namesTargets(value, plan.targets));
  return {
    ...Object.fromEntries(current),
    status: 'confirmation_required',
    plan: `${instructionsFor(confirm)}\n\n${planText(plan)}`,
    confirm,
    // For a page that shows the plan to a person; it is taken out of the answer that a model reads.
    phrase: plan.phrase,
  };
}

/** A list of just the targets tells the agent nothing: it has sent their ids. */
function namesTargets(value: unknown, targets: Plan['targets']): boolean {
  const isTarget = (id: unknown, index: number) => id === targets[index]?.id;
  return Array.isArray(value) && value.length === targets.length && value.every(isTarget);
}

/** They come first, because the plan quotes text by others; and both in the text and in the value. */
function instructionsFor(confirm: string): string {
  return [
    'Nothing has been written. Show this plan to the person you work for. Only if they agree, repeat this very call',
    `with "confirm": "${confirm}" (good for 5 minutes, once). Consent is theirs, given in the client's own approval`,
    'dialog; the code only guards against mistakes and stale plans.',
  ].join('\n');
}

const REFUSALS = {
  declined: 'the person at the client declined',
  cancelled: 'the person at the client closed the question',
  unanswered: 'nobody answered within 2 minutes',
  failed: 'the client could not put the question',
  later: 'the question has been put and is not answered yet',
} as const satisfies Record<Extract<Reply, { refused: unknown }>['refused'], string>;

function ask(put: Ask, plan: Plan, resume: () => Promise<string>): Promise<Reply> {
  const field = `Type "${plan.phrase}" to confirm`;
  return put(`${field}; anything else leaves everything as it is.\n\n${planText(plan)}`, field, resume);
}

/** Why it is not confirmed, or undefined. The phrase fails a client that accepts forms without asking anybody. */
function refusalOf(reply: Reply, phrase: string): string | undefined {
  if ('refused' in reply) return REFUSALS[reply.refused];
  const isPhrase = reply.typed.trim().toLowerCase() === phrase.toLowerCase();
  return isPhrase ? undefined : 'what was typed is not the phrase that was asked for';
}

/** The text answer while nothing is written. */
export function unwrittenText({ status, warning, plan }: Values): string | undefined {
  if (status === 'declined') return `declined. ${warning} Ask again only if that person wants it.`;
  return status === 'confirmation_required' ? `${status}\n${plan}` : undefined;
}
