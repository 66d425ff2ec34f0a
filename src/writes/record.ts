import { randomUUID } from 'node:crypto';
import type { Entry, Trail } from '../audit/trail.ts';
import type { Caller } from '../caller.ts';
import type { Config } from '../config/config.ts';
import { toFault } from '../errors.ts';
import type { Api, Binding } from '../http/api.ts';
import type { Log } from '../log.ts';
import type { Plan } from '../plan.ts';
import { plain } from '../text.ts';
import type { Write } from '../tool.ts';

/** How a write was confirmed: by a person at the client, by the code of a plan, or by the operator beforehand. */
type Confirmed = 'person' | 'code' | 'not_asked';

interface RecorderOptions {
  readonly mode: Config['writes'];
  readonly tenant: string;
  readonly api: (binding: Binding) => Api;
  readonly trail: Trail | undefined;
  readonly log: Log;
}

/** A write that may be carried out now. */
interface Ready {
  readonly write: Write;
  readonly input: Readonly<Record<string, unknown>>;
  readonly plan: Plan | undefined;
  readonly caller: Caller;
  readonly confirmed: Confirmed;
}

type Answer = Readonly<Record<string, unknown>>;

/** Client names are text like any other. */
const LONGEST_NAME = 60;

/**
 * Carries a write out between two lines of the audit trail: what is meant, on disk before anything is sent, and what
 * became of it. Both hold ids, codes, states and times; no text of people, no body, no credential.
 */
export function createRecorder({ mode, tenant, api, trail, log }: RecorderOptions) {
  return async ({ write, input, plan, caller, confirmed }: Ready): Promise<Answer> => {
    if (!trail || !plan) return write.commit(input, api(caller), plan);
    const call = { call: randomUUID(), session: caller.client?.session ?? '', tool: write.name };
    const before = Object.fromEntries(plan.targets.map(({ id, state }) => [id, state]));
    const how = { client: clientOf(caller), tenant, mode, confirmed };
    await trail.append({ event: 'intent', time: now(), ...call, ...how, ids: Object.keys(before), before });
    const http_status: number[] = [];
    const start = performance.now();
    const note = (code: string, facts: Record<string, string | Record<string, string>>) => {
      const duration_ms = Math.round(performance.now() - start);
      return noted(trail, { event: 'outcome', time: now(), ...call, code, ...facts, http_status, duration_ms }, log);
    };
    try {
      const bound = api({ ...caller, onWritten: (status) => http_status.push(status) });
      const answer = await write.commit(input, bound, plan);
      const lost = await note('ok', { status: String(answer.status), after: { ...write.after(answer) } });
      return lost ? { ...answer, warning: [answer.warning, lost].filter(Boolean).join(' ') } : answer;
    } catch (error) {
      const { code, mayHaveHappened } = toFault(error);
      const unknown = Object.fromEntries(Object.keys(before).map((id) => [id, 'unknown']));
      // What left and was answered may have done something, whatever the answer.
      await note(code, { after: mayHaveHappened || http_status.length > 0 ? unknown : before });
      throw error;
    }
  };
}

function now(): string {
  return new Date().toISOString();
}

function clientOf({ client }: Caller) {
  return { name: plain(client?.name ?? '', LONGEST_NAME), version: plain(client?.version ?? '', LONGEST_NAME) };
}

/** The write is done; that its outcome could not be written down is told, and hides nothing. */
async function noted(trail: Trail, outcome: Entry, log: Log): Promise<string | undefined> {
  try {
    await trail.append(outcome);
    return undefined;
  } catch (error) {
    log.error('audit', { error });
    return `The audit trail has the intent but not this outcome: ${toFault(error).detail}`;
  }
}
