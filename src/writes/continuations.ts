import { createHmac, randomBytes } from 'node:crypto';
import { Fault } from '../core/errors.ts';
import type { ApprovedStates } from '../tool/plan.ts';
import type { CodedCall } from './confirmation_codes.ts';
import type { OpenQuestions } from './open_questions.ts';
import { canonical, isSame } from './signed_call.ts';

/** How long a continuation is good, ms. */
const VALID_MS = 300_000;
const NONCE_BYTES = 12;
/** Changes with the layout, so that nothing else that the key signs is taken for one of this. */
const LAYOUT = 'mdca-continuation-1';

/** What a person was asked. */
interface AskedPlan {
  readonly phrase: string;
  /** The state of each target by its id, as it was in the plan. */
  readonly states: ApprovedStates;
}

/** Texts by which a call goes on where an earlier, same call has put a question to a person. */
export interface Continuations {
  /** Makes one, before a person is asked. @throws Fault `store_away` */
  issue(call: ContinuedCall, asked: AskedPlan): Promise<string>;
  /** Takes it for good, unless it is given back. @throws Fault `answer_refused` with the reason, or `store_away` */
  redeem(text: string, call: ContinuedCall): Promise<AskedPlan & { giveBack(): Promise<void> }>;
}

/** No session: the call may go on in another process. */
type ContinuedCall = Omit<CodedCall, 'session'>;

export interface ContinuationsOptions {
  /** Origin of the tenant. */
  readonly tenant: string;
  /** Processes with the same key take each other's. */
  readonly key: Buffer;
  readonly questions: OpenQuestions;
  /** ms since the epoch */
  readonly now?: () => number;
}

/**
 * A continuation holds what was asked as JSON in Base64, and an HMAC-SHA256 over that, the tenant, the caller, the tool
 * and the arguments. All that a process has to remember is that the question is open.
 */
export function createContinuations({
  tenant,
  key,
  questions,
  now = () => Date.now(),
}: ContinuationsOptions): Continuations {
  const macOf = (held: string, { tool, input, caller }: ContinuedCall) => {
    const bound = JSON.stringify([LAYOUT, tenant, caller, tool, canonical(input), held]);
    return createHmac('sha256', key).update(bound).digest('base64url');
  };
  return {
    async issue(call, { phrase, states }) {
      const nonce = randomBytes(NONCE_BYTES).toString('base64url');
      const until = now() + VALID_MS;
      await questions.put({ nonce, until });
      const held = Buffer.from(JSON.stringify([nonce, until, phrase, [...states]])).toString('base64url');
      return `${held}.${macOf(held, call)}`;
    },
    async redeem(text, call) {
      const [held = '', mac = ''] = text.split('.');
      if (!isSame(text, `${held}.${mac}`) || !isSame(mac, macOf(held, call))) {
        throw refused('it was altered, or is not for this caller, tool and these arguments');
      }
      const [nonce, until, phrase, states] = JSON.parse(Buffer.from(held, 'base64url').toString());
      if (now() >= until) throw refused('it came after more than 5 minutes');
      const taken = await questions.take({ nonce, until });
      if (taken !== 'taken') throw refused(NOT_TAKEN[taken]);
      return { phrase, states: new Map(states), giveBack: () => questions.giveBack({ nonce, until }) };
    },
  };
}

const NOT_TAKEN = {
  used: 'it has been used before',
  unknown: 'whether it was used is not known here, as the question was put elsewhere or before a restart',
} as const;

function refused(reason: string): Fault {
  return new Fault('answer_refused', `The answer is not taken: ${reason}.`);
}
