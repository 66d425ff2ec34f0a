import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { Fault } from '../errors.ts';
import { type Plan, type States, statesOf } from '../plan.ts';

/** How long a code stands, ms. */
const VALID_MS = 300_000;
/** Codes that stand at the same time; the oldest give way. */
const MOST = 500;
const NONCE_BYTES = 9;
const MAC_BYTES = 15;

/** The call that a code is given for; the same call must come back with it. */
export interface CodedCall {
  readonly tool: string;
  /** Checked arguments without the code. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly session: string;
}

interface Issued {
  readonly call: CodedCall;
  readonly states: States;
  /** ms since the epoch */
  readonly until: number;
  used: boolean;
}

/** Codes that stand for a plan somebody has seen. They prove that nothing has changed since, not who agreed. */
export interface Codes {
  issue(call: CodedCall, plan: Plan): string;
  /** Uses a code up, unless it is given back. @throws Fault `confirm_refused` with the reason */
  redeem(code: string, call: CodedCall): { readonly seen: States; giveBack(): void };
}

/**
 * A code is a random number and an HMAC over it, the tool, the arguments, the session, the tenant, the end of its time
 * and the state of each item. The key lives and dies with this process.
 */
export function createCodes(tenant: string, now = () => Date.now()): Codes {
  const key = randomBytes(32);
  const issued = new Map<string, Issued>();
  const sign = (nonce: string, { tool, input, session }: CodedCall, { states, until }: Issued) => {
    const bound = [nonce, tenant, tool, canonical(input), session, until, [...states]];
    return createHmac('sha256', key).update(JSON.stringify(bound)).digest().subarray(0, MAC_BYTES);
  };
  return {
    issue(call, plan) {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      const record = { call, states: statesOf(plan), until: now() + VALID_MS, used: false };
      for (const old of [...issued.keys()].slice(0, Math.max(0, issued.size + 1 - MOST))) issued.delete(old);
      issued.set(nonce, record);
      return `${nonce}.${sign(nonce, call, record).toString('base64url')}`;
    },
    redeem(code, call) {
      const [nonce = '', mac = ''] = code.split('.', 2);
      const record = issued.get(nonce);
      if (!record) throw refused('it is not one that this server has given out, or is long past');
      const isSigned = (claimed: CodedCall) =>
        isSame(code, `${nonce}.${sign(nonce, claimed, record).toString('base64url')}`);
      if (!isSigned(record.call) || mac === '') throw refused('it has been altered');
      if (record.used) throw refused('it has been used before');
      if (now() >= record.until) throw refused('it has expired; a code stands for 5 minutes');
      if (!isSigned(call)) throw refused(differenceOf(record.call, call));
      record.used = true;
      const giveBack = () => {
        record.used = false;
      };
      return { seen: record.states, giveBack };
    },
  };
}

function refused(reason: string): Fault {
  return new Fault('confirm_refused', `confirm: ${reason}.`);
}

function differenceOf(given: CodedCall, call: CodedCall): string {
  if (given.session !== call.session) return 'it was given to another session';
  if (given.tool !== call.tool) return `it was given for ${given.tool}`;
  return 'it was given for other arguments; repeat the call exactly';
}

function isSame(a: string, b: string): boolean {
  const [one, other] = [Buffer.from(a), Buffer.from(b)];
  return one.length === other.length && timingSafeEqual(one, other);
}

/** JSON with its members in order, so that the order in which a client writes them does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    const isPlainObject = typeof member === 'object' && member !== null && !Array.isArray(member);
    return isPlainObject ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1))) : member;
  });
}
