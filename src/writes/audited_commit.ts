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
import type { Agreed } from './confirm.ts';

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
  /** By a person at the client, by the code of a plan, or not at all, as MDCA_WRITES=allow permits. */
  readonly confirmed: Agreed['by'];
}

type Answer = Readonly<Record<string, unknown>>;

/** A client chooses its own name, so the name is untrusted text. */
const MAX_LENGTH = 60;

/**
 * Carries out a write between two entries of the audit trail, if there is one: the intent, on disk before anything is
 * sent, and the outcome. The entries hold ids, codes, states, times and the client's name; no comments, bodies or
 * credentials. Where callers sign in, the entry says who it was, and nothing of the credential.
 */
export function createAuditedCommit({ mode, tenant, client, trail, log }: CommitOptions) {
  return async ({ tool, approved, input, caller, confirmed }: Permit): Promise<Answer> => {
    const before = Object.fromEntries(statesOf(approved));
    const ids = Object.keys(before);
    const { traceparent } = caller;
    const trace = traceparent !== undefined && { traceparent };
    const call = { call: randomUUID(), session: caller.client?.session ?? '', tool: tool.name, ...trace };
    const how = { ...identityOf(caller), client: clientOf(caller), tenant, mode, confirmed };
    await trail?.append({ event: 'intent', time: now(), ...call, ...how, ids, before });
    const http_status: number[] = [];
    const start = performance.now();
    const record = (code: string, facts: Record<string, string | Record<string, string>>) => {
      const duration_ms = Math.round(performance.now() - start);
      return tryWrite(trail, { event: 'outcome', time: now(), ...call, code, ...facts, http_status, duration_ms }, log);
    };
    const api = client.writer({
      ...caller,
      approved: new Set(ids),
      onWritten: (status) => http_status.push(status),
    });
    try {
      const answer = await tool.commit(approved, input, api);
      const unrecorded = await record('ok', { status: String(answer.status), after: { ...tool.after(answer) } });
      return unrecorded ? { ...answer, warning: [answer.warning, unrecorded].filter(Boolean).join(' ') } : answer;
    } catch (error) {
      const { code, mayHaveHappened } = toFault(error);
      const unknown = Object.fromEntries(ids.map((id) => [id, 'unknown']));
      // A write that was answered may have changed something, whatever the status of the answer.
      await record(code, { after: mayHaveHappened || http_status.length > 0 ? unknown : before });
      throw error;
    }
  };
}

function now(): string {
  return new Date().toISOString();
}

function clientOf({ client }: Caller) {
  return { name: sanitize(client?.name ?? '', MAX_LENGTH), version: sanitize(client?.version ?? '', MAX_LENGTH) };
}

/** The name stands in the operator's own file or in a signed token, but is still text by others. */
function identityOf({ client }: Caller) {
  if (client?.identity === undefined) return {};
  const { name, tenant } = client.identity;
  const home = tenant === undefined ? {} : { tenant: sanitize(tenant, MAX_LENGTH) };
  return { caller: { name: sanitize(name, MAX_LENGTH), ...home } };
}

/** Returns a warning if the outcome cannot be recorded, and does not throw: the result of the write matters more. */
async function tryWrite(trail: Trail | undefined, outcome: Entry, log: Log): Promise<string | undefined> {
  try {
    await trail?.append(outcome);
    return undefined;
  } catch (error) {
    log.error('audit', { error });
    return `The audit trail has the intent but not this outcome: ${toFault(error).detail}`;
  }
}
