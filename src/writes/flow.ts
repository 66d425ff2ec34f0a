import type { Trail } from '../audit/trail.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ServiceClient } from '../http/client.ts';
import type { Caller } from '../tool/caller.ts';
import { recheck } from '../tool/plan.ts';
import type { WriteTool } from '../tool/tool.ts';
import { createAuditedCommit } from './audited_commit.ts';
import type { CodeStore } from './code_store.ts';
import { type Agreed, type Confirmation, confirm } from './confirm.ts';
import { createCodes } from './confirmation_codes.ts';
import { createContinuations } from './continuations.ts';
import type { OpenQuestions } from './open_questions.ts';
import { createTurns } from './turns.ts';

type Values = Readonly<Record<string, unknown>>;

export interface WriteFlowOptions {
  readonly mode: Config['writes'];
  /** Origin of the tenant. */
  readonly tenant: string;
  readonly client: ServiceClient;
  readonly trail?: Trail | undefined;
  /** Keeps the confirmation codes that are out. */
  readonly store: CodeStore;
  /** Remembers the questions whose answer comes with another call. */
  readonly questions: OpenQuestions;
  /** Signs what lets a call go on in another process with the same key. */
  readonly signingKey: Buffer;
  readonly log: Log;
  /** Refuses what the server's own credential does not permit. @throws Fault */
  readonly permit?: ((tool: string, caller: Caller) => Promise<void>) | undefined;
}

/** Carries out one write, or answers why it is not carried out. @throws Fault */
export type WriteFlow = (tool: WriteTool, args: Values, caller: Caller) => Promise<Values>;

/**
 * The path of every write: plan → confirm → plan again, drop what changed → record the intent → send → read back →
 * record the outcome. Mode `allow` skips the confirmation and has one plan. A person gets one question at a time, and
 * changes of one item are carried out one after the other, so that each plan shows what the one before has changed.
 */
export function createWriteFlow(options: WriteFlowOptions): WriteFlow {
  const { mode, tenant, client, trail, store, questions, signingKey, log, permit } = options;
  const proofs = {
    codes: createCodes({ tenant, store, key: signingKey }),
    continuations: createContinuations({ tenant, key: signingKey, questions }),
  };
  const commit = createAuditedCommit({ mode, tenant, client, trail, log });
  const turns = createTurns();

  const confirmed = async (tool: WriteTool, args: Values, caller: Caller): Promise<Confirmation> => {
    if (mode === 'allow') return { states: undefined, by: 'not_asked', giveBack: async () => {} };
    const { confirm: code, ...input } = args;
    const { session = '', identity } = caller.client ?? {};
    const call = { tool: tool.name, input, session, caller: identity?.id ?? '' };
    return confirm({ tool, call, reader: client.reader(caller), caller }, code, proofs);
  };

  const planAndCommit = async (tool: WriteTool, args: Values, caller: Caller, { states, by, giveBack }: Agreed) => {
    const { confirm: _code, ...input } = args;
    const now = await orGiveBack(tool.plan(input, client.reader(caller)), giveBack);
    const { plan, changed } = states ? recheck(states, now) : { plan: now, changed: undefined };
    if (caller.signal.aborted) throw new Fault('cancelled', 'The call was cancelled before anything was written.');
    const [first, ...others] = plan.targets;
    if (!first) return withWarning(plan.current, changed);
    const approved = { targets: [first, ...others], current: plan.current } as const;
    const { [tool.targets]: _ids, ...rest } = input;
    return withWarning(await commit({ tool, approved, input: rest, caller, confirmed: by }), changed);
  };

  const carryOut: WriteFlow = async (tool, args, caller) => {
    // Nobody is asked about a change that cannot be sent, or not be recorded.
    await permit?.(tool.name, caller);
    await trail?.check();
    const agreed = await confirmed(tool, args, caller);
    if ('instead' in agreed) return agreed.instead;
    const end = await orGiveBack(turns.begin(itemsOf(tool, args), caller), agreed.giveBack);
    return planAndCommit(tool, args, caller, agreed).finally(end);
  };

  return async (tool, args, caller) => {
    refuseByMode(mode, tool, args, caller);
    const asks = mode === 'confirm' && caller.ask && !caller.answered && args.confirm === undefined;
    const end = asks ? await turns.begin([`session ${caller.client?.session ?? ''}`], caller) : () => {};
    return carryOut(tool, args, caller).finally(end);
  };
}

/** Names for the items of a call, the same for all tools that change them. */
function itemsOf({ targets }: WriteTool, args: Values): string[] {
  return [args[targets]].flat().map((id) => `item ${id}`);
}

/** @throws Fault for what the mode does not have: any write, or what shows that a write was confirmed */
function refuseByMode(mode: Config['writes'], { name }: WriteTool, args: Values, { answered }: Caller): void {
  if (mode === 'off') throw new Fault('tool_withheld', `${name} changes something, and writes are off.`);
  if (mode === 'allow' && args.confirm !== undefined) {
    throw new Fault('invalid_input', 'confirm: this server asks for no confirmation; leave it out.');
  }
  if (mode === 'allow' && answered) {
    throw new Fault('answer_refused', 'The answer is not taken: this server asks for no confirmation.');
  }
}

/** Nothing was written if the work fails, so what confirmed the call is good again. */
async function orGiveBack<T>(work: Promise<T>, giveBack: () => Promise<void>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    await giveBack();
    throw error;
  }
}

function withWarning(answer: Values, warning: string | undefined): Values {
  return warning === undefined ? answer : { ...answer, warning: [warning, answer.warning].filter(Boolean).join(' ') };
}
