import type { Trail } from '../audit/trail.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ReadApi, ServiceClient } from '../http/client.ts';
import type { Caller } from '../tool/caller.ts';
import { type Plan, recheck } from '../tool/plan.ts';
import type { WriteTool } from '../tool/tool.ts';
import { createAuditedCommit, type Permit } from './audited_commit.ts';
import type { CodeStore } from './code_store.ts';
import { confirm } from './confirm.ts';
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

/** A fresh plan, reduced to the targets that may be changed. */
interface Ready {
  readonly plan: Plan;
  /** Names the confirmed targets that were dropped because their state changed. */
  readonly changed?: string | undefined;
  readonly by: Permit['confirmed'];
}

/**
 * The path of every write: plan → confirm → plan again, drop what changed → record the intent → send → read back →
 * record the outcome. Mode `allow` skips the confirmation and the second plan. A person gets one question at a time,
 * and what has been confirmed is carried out one after the other.
 */
export function createWriteFlow(options: WriteFlowOptions): WriteFlow {
  const { mode, tenant, client, trail, store, questions, signingKey, log, permit } = options;
  const proofs = {
    codes: createCodes({ tenant, store, key: signingKey }),
    continuations: createContinuations({ tenant, key: signingKey, questions }),
  };
  const commit = createAuditedCommit({ mode, tenant, client, trail, log });
  const turns = createTurns();

  /** The plan to carry out now, or the answer that the caller gets instead. */
  const prepare = async (tool: WriteTool, args: Values, caller: Caller): Promise<Ready | { instead: Values }> => {
    const { confirm: code, ...input } = args;
    const reader = client.reader(caller);
    if (mode === 'allow') return { plan: await tool.plan(input, reader), by: 'not_asked' };
    const { session = '', identity } = caller.client ?? {};
    const call = { tool: tool.name, input, session, caller: identity?.id ?? '' };
    const confirmation = await confirm({ tool, call, reader, caller }, code, proofs);
    if ('instead' in confirmation) return confirmation;
    const now = await planAgain(tool, input, reader, confirmation.giveBack);
    return { ...recheck(confirmation.states, now), by: confirmation.by };
  };

  const carryOut: WriteFlow = async (tool, args, caller) => {
    // Nobody is asked about a change that cannot be sent, or not be recorded.
    await permit?.(tool.name, caller);
    await trail?.check();
    const ready = await prepare(tool, args, caller);
    if ('instead' in ready) return ready.instead;
    if (caller.signal.aborted) throw new Fault('cancelled', 'The call was cancelled before anything was written.');
    const { plan, changed, by } = ready;
    const [first, ...others] = plan.targets;
    if (!first) return withWarning(plan.current, changed);
    const approved = { targets: [first, ...others], current: plan.current } as const;
    const { confirm: _code, [tool.targets]: _ids, ...input } = args;
    return withWarning(await commit({ tool, approved, input, caller, confirmed: by }), changed);
  };

  return async (tool, args, caller) => {
    refuseByMode(mode, tool, args, caller);
    const takesTurn = mode === 'confirm' && (caller.ask || caller.answered || args.confirm !== undefined);
    // The turn ends when the write has been read back, so that the next plan shows what it has changed.
    return takesTurn ? turns.take(caller, () => carryOut(tool, args, caller)) : carryOut(tool, args, caller);
  };
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

/** Makes the second plan. If that fails, the code is given back, because nothing was written. */
async function planAgain(
  tool: WriteTool,
  input: Values,
  reader: ReadApi,
  giveBack: () => Promise<void>,
): Promise<Plan> {
  try {
    return await tool.plan(input, reader);
  } catch (error) {
    await giveBack();
    throw error;
  }
}

function withWarning(answer: Values, warning: string | undefined): Values {
  return warning === undefined ? answer : { ...answer, warning: [warning, answer.warning].filter(Boolean).join(' ') };
}
