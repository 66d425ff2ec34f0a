import { randomUUID } from 'node:crypto';
import type { Entry, Trail } from '../audit/trail.ts';
import type { Config } from '../config/config.ts';
import { toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ServiceClient } from '../http/client.ts';
import { sanitize } from '../text/sanitize.ts';
import type { Caller } from '../tool/caller.ts';
import { type Approved, statesOf } from '../tool/plan.ts';
import type { WriteTool } from '../tool/tool.ts';

interface CommitOptions {
  readonly mode: Config['writes'];
  readonly tenant: string;
  readonly client: ServiceClient;
  readonly trail: Trail | undefined;
  readonly log: Log;
}

/** A write that may be carried out now. */
export interface Permit {
  readonly tool: WriteTool;
  readonly approved: Approved;
  /** The arguments but for the one that names the targets. */
  readonly input: Readonly<Record<string, unknown>>;
  readonly caller: Caller;
  /** By a person at the client, by the code of a plan, or by the operator beforehand. */
  readonly confirmed: 'person' | 'code' | 'not_asked';
}

type Answer = Readonly<Record<string, unknown>>;

/** Client names are text like any other. */
const LONGEST_NAME = 60;

/**
 * Carries a write out between two lines of the audit trail: what is meant, on disk before anything is sent, and what
 * became of it. Both hold ids, codes, states and times; no text of people, no body, no credential.
 */
export function createAuditedCommit({ mode, tenant, client, trail, log }: CommitOptions) {
  return async ({ tool, approved, input, caller, confirmed }: Permit): Promise<Answer> => {
    const before = Object.fromEntries(statesOf(approved));
    const ids = Object.keys(before);
    const call = { call: randomUUID(), session: caller.client?.session ?? '', tool: tool.name };
    const how = { client: clientOf(caller), tenant, mode, confirmed };
    await trail?.append({ event: 'intent', time: now(), ...call, ...how, ids, before });
    const http_status: number[] = [];
    const start = performance.now();
    const note = (code: string, facts: Record<string, string | Record<string, string>>) => {
      const duration_ms = Math.round(performance.now() - start);
      return noted(trail, { event: 'outcome', time: now(), ...call, code, ...facts, http_status, duration_ms }, log);
    };
    const api = client.writer({
      ...caller,
      approved: new Set(ids),
      onWritten: (status) => http_status.push(status),
    });
    try {
      const answer = await tool.commit(approved, input, api);
      const lost = await note('ok', { status: String(answer.status), after: { ...tool.after(answer) } });
      return lost ? { ...answer, warning: [answer.warning, lost].filter(Boolean).join(' ') } : answer;
    } catch (error) {
      const { code, mayHaveHappened } = toFault(error);
      const unknown = Object.fromEntries(ids.map((id) => [id, 'unknown']));
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
  return { name: sanitize(client?.name ?? '', LONGEST_NAME), version: sanitize(client?.version ?? '', LONGEST_NAME) };
}

/** The write is done; that its outcome could not be recorded is told, and hides nothing. */
async function noted(trail: Trail | undefined, outcome: Entry, log: Log): Promise<string | undefined> {
  try {
    await trail?.append(outcome);
    return undefined;
  } catch (error) {
    log.error('audit', { error });
    return `The audit trail has the intent but not this outcome: ${toFault(error).detail}`;
  }
}
