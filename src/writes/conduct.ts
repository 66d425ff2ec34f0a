import type { Trail } from '../audit/trail.ts';
import type { Caller } from '../caller.ts';
import type { Config } from '../config/config.ts';
import { Fault } from '../errors.ts';
import { type Api, type Binding, readOnly } from '../http/api.ts';
import type { Log } from '../log.ts';
import { recheck } from '../plan.ts';
import type { Write } from '../tool.ts';
import { approve } from './approval.ts';
import { createCodes } from './codes.ts';
import { createRecorder } from './record.ts';

type Values = Readonly<Record<string, unknown>>;

export interface ConductOptions {
  readonly mode: Config['writes'];
  /** Origin of the tenant. */
  readonly tenant: string;
  /** The service with its writes, bound to one call. */
  readonly api: (binding: Binding) => Api;
  readonly trail?: Trail | undefined;
  readonly log: Log;
}

/** Carries out one write as far as it may be. @throws Fault */
export type Conduct = (write: Write, args: Values, caller: Caller) => Promise<Values>;

/** How every write comes about: plan → confirmed? → still so? → written down → sent once → read back → written down. */
export function createConduct({ mode, tenant, api, trail, log }: ConductOptions): Conduct {
  const codes = createCodes(tenant);
  const record = createRecorder({ mode, tenant, api, trail, log });

  const allow: Conduct = async (write, input, caller) => {
    // Without a trail nobody needs the state before, and no call is spent on it.
    const plan = trail && (await write.plan(input, readOnly(api(caller))));
    if (plan?.targets.length === 0) return plan.standing;
    return record({ write, input, plan, caller, confirmed: 'not_asked' });
  };

  const confirm: Conduct = async (write, { confirm: code, ...input }, caller) => {
    const reader = readOnly(api(caller));
    const call = { tool: write.name, input, session: caller.client?.session ?? '' };
    const approval = await approve({ write, call, reader, caller }, code, codes);
    if ('instead' in approval) return approval.instead;
    const now = await write.plan(input, reader).catch((error) => {
      approval.giveBack();
      throw error;
    });
    const { plan, changed } = recheck(approval.seen, now);
    if (caller.signal.aborted) throw new Fault('cancelled', 'The call was cancelled before anything was written.');
    const ready = { write, input, plan, caller, confirmed: approval.by };
    const answer = plan.targets.length === 0 ? plan.standing : await record(ready);
    return changed === undefined ? answer : { ...answer, warning: [changed, answer.warning].filter(Boolean).join(' ') };
  };

  return async (write, args, caller) => {
    if (mode === 'off') throw new Fault('tool_withheld', `${write.name} changes something, and writes are off.`);
    // Before anybody is asked: what cannot be written down is not done.
    await trail?.check();
    if (mode === 'confirm') return confirm(write, args, caller);
    if (args.confirm === undefined) return allow(write, args, caller);
    throw new Fault('invalid_input', 'confirm: this server asks for no confirmation; leave it out.');
  };
}
