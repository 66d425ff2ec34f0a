import { createHmac, randomBytes } from 'node:crypto';
import { Fault } from '../core/errors.ts';
import { type ApprovedStates, type Plan, statesOf } from '../tool/plan.ts';
import type { CodeStore, IssuedCode } from './code_store.ts';
import { canonical, isSame } from './signed_call.ts';

/** How long a code is valid, ms. */
const VALID_MS = 300_000;
const NONCE_BYTES = 9;
const MAC_BYTES = 15;

/** The call that a code is issued for; only the same call can redeem it. */
export type CodedCall = Pick<IssuedCode, 'tool' | 'input' | 'session' | 'caller'>;

/** Codes that bind a call to the states in its plan. They do not prove that anybody has seen the plan or agreed. */
export interface ConfirmationCodes {
  issue(call: CodedCall, plan: Plan): Promise<string>;
  /** Marks a code as used; `giveBack` reverts that. @throws Fault `confirm_refused` with the reason */
  redeem(code: string, call: CodedCall): Promise<{ readonly states: ApprovedStates; giveBack(): Promise<void> }>;
}

export interface CodesOptions {
  /** Origin of the tenant. */
  readonly tenant: string;
  readonly store: CodeStore;
  /** Signs the codes; processes that share a store share it, too. Without it, one is made. */
  readonly key?: Buffer | undefined;
  /** ms since the epoch */
  readonly now?: () => number;
}

/**
 * A code is a random number and an HMAC over it, the tool, the arguments, the session, the caller, the tenant, the time
 * at which it expires and the state of each target.
 */
export function createCodes({
  tenant,
  store,
  key = randomBytes(32),
  now = () => Date.now(),
}: CodesOptions): ConfirmationCodes {
  const sign = (nonce: string, { tool, input, session, caller }: CodedCall, { states, until }: IssuedCode) => {
    const bound = [nonce, tenant, tool, canonical(input), session, caller, until, [...states]];
    const mac = createHmac('sha256', key).update(JSON.stringify(bound)).digest().subarray(0, MAC_BYTES);
    return `${nonce}.${mac.toString('base64url')}`;
  };
  return {
    async issue(call, plan) {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      const issued = { ...call, states: statesOf(plan), until: now() + VALID_MS };
      await store.put(nonce, issued);
      return sign(nonce, call, issued);
    },
    async redeem(code, call) {
      const nonce = code.split('.', 1).join('');
      const issued = await store.get(nonce);
      if (!issued) throw refused('it is not one that this server has given out, or is long past');
      if (!isSame(code, sign(nonce, issued, issued))) throw refused('it has been altered');
      if (now() >= issued.until) throw refused('it has expired; a code stands for 5 minutes');
      if (!isSame(code, sign(nonce, call, issued))) throw refused(differenceOf(issued, call));
      if (!(await store.use(nonce))) throw refused('it has been used before', USED);
      return { states: issued.states, giveBack: () => store.giveBack(nonce) };
    },
  };
}

const USED = 'Read the present state, and leave confirm out for a new plan only if something is left to do.';

function refused(reason: string, remedy?: string): Fault {
  return new Fault('confirm_refused', `confirm: ${reason}.`, { remedy });
}

function differenceOf(issued: CodedCall, call: CodedCall): string {
  if (issued.caller !== call.caller) return 'it was given to another caller';
  if (issued.session !== call.session) return 'it was given to another session';
  if (issued.tool !== call.tool) return `it was given for ${issued.tool}`;
  const names = [...new Set([...Object.keys(issued.input), ...Object.keys(call.input)])];
  const changed = names.filter((name) => canonical(issued.input[name]) !== canonical(call.input[name]));
  return `it was given for other arguments (changed: ${changed.join(', ')})`;
}
