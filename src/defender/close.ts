import { z } from 'zod';
import { type Fault, toFault } from '../errors.ts';
import type { Api } from '../http/api.ts';
import type { ClosedAlerts } from '../model/closing.ts';
import { wireList } from '../model/wire.ts';
import { type Path, path } from '../path.ts';
import { all, type Chunk, idsOf, report } from './close_report.ts';
import { type Fate, judge } from './fates.ts';
import { readStates } from './states.ts';
import { unknownOutcome } from './write.ts';

/** Most ids in one call (defender-api.md §1.4). */
const CHUNK = 100;

/** One way to close alerts: its route, the counter in its reply, and the `resolutionStatusValue`s it can lead to. */
export interface Verdict {
  readonly path: Path;
  readonly counter: string;
  readonly becomes: readonly number[];
}

/** defender-api.md §3.1 and §6.2. */
export const VERDICTS = {
  benign: { path: path`/api/v1/alerts/close_benign/`, counter: 'closed_benign', becomes: [4] },
  false_positive: { path: path`/api/v1/alerts/close_false_positive/`, counter: 'closed_false_positive', becomes: [3] },
  true_positive: { path: path`/api/v1/alerts/close_true_positive/`, counter: 'closed_true_positive', becomes: [5] },
  // The service maps the deprecated two to a close of today, so either state may follow.
  dismissed: { path: path`/api/v1/alerts/dismiss_bulk/`, counter: 'dismissed', becomes: [1, 3] },
  resolved: { path: path`/api/v1/alerts/resolve/`, counter: 'resolved', becomes: [2, 5] },
} as const satisfies Record<string, Verdict>;

export interface CloseRequest {
  /** Lower case, each once, at least one. */
  readonly alert_ids: readonly string[];
  readonly comment?: string | undefined;
  readonly reasonId?: number | undefined;
}

/**
 * Closes alerts, 100 a call, each sent once; stops at the first call that did not go as it should.
 * @throws Fault when nothing was closed, or nothing is known about any alert
 */
export async function closeAlerts(api: Api, verdict: Verdict, request: CloseRequest): Promise<ClosedAlerts> {
  const ids = request.alert_ids;
  const fates = new Map<string, Fate>(ids.map((id) => [id, 'not_closed']));
  let chunk: Chunk = { fates };
  for (let start = 0; start < ids.length && !chunk.problem && !chunk.excess; start += CHUNK) {
    chunk = await closeChunk(api, verdict, { ...request, alert_ids: ids.slice(start, start + CHUNK) });
    for (const [id, fate] of chunk.fates) fates.set(id, fate);
    if (ids.length > CHUNK) api.progress(`Closed ${idsOf(fates, 'closed').length} of ${ids.length} alerts.`);
  }
  const count = (fate: Fate) => idsOf(fates, fate).length;
  const untouched = chunk.problem?.mayHaveHappened === false && count('not_closed') === ids.length;
  if (chunk.problem && (untouched || count('unknown') === ids.length)) throw chunk.problem;
  return report(fates, chunk);
}

/** Sends one close, and reads what its reply leaves open: an id may have been closed before, or be unknown. */
async function closeChunk(api: Api, verdict: Verdict, request: CloseRequest): Promise<Chunk> {
  const ids = request.alert_ids;
  const since = Date.now();
  const { reply, problem } = await send(api, verdict, request);
  if (problem && !problem.mayHaveHappened) return { fates: all(ids, 'not_closed'), problem };
  const missing = ids.filter((id) => reply?.missing(id));
  const accounted = reply !== undefined && reply.count + missing.length === ids.length;
  const closed = all(accounted ? ids.filter((id) => !reply.missing(id)) : [], 'closed');
  const open = accounted ? missing : ids;
  if (open.length === 0) return { fates: closed };
  try {
    const claimed = reply && reply.count - closed.size;
    const judged = judge(open, await readStates(api, open), { becomes: verdict.becomes, since, claimed });
    const fates = new Map([...closed, ...judged]);
    return { fates, problem, excess: excessOf(reply?.count, fates) };
  } catch (error) {
    const reading = toFault(error);
    const fates = new Map([...closed, ...all(open, 'unknown')]);
    return {
      fates,
      problem: problem ? unknownOutcome(problem, reading) : reading,
      excess: excessOf(reply?.count, fates),
    };
  }
}

/** The service's count where it is more than can be found among the alerts that were named. */
function excessOf(count: number | undefined, fates: ReadonlyMap<string, Fate>): number | undefined {
  const possible = idsOf(fates, 'closed').length + idsOf(fates, 'unknown').length;
  return count !== undefined && count > possible ? count : undefined;
}

interface Sent {
  readonly reply?: { readonly count: number; readonly missing: (id: string) => boolean };
  readonly problem?: Fault;
}

async function send(api: Api, verdict: Verdict, { alert_ids, comment, reasonId }: CloseRequest): Promise<Sent> {
  const counter = z.int().nonnegative();
  const Reply = z.object({ [verdict.counter]: counter }).and(z.object({ alertsNotFound: wireList(z.string()) }));
  const body = { filters: { id: { eq: alert_ids } }, comment: comment || undefined, reasonId };
  try {
    const reply = await api.write(verdict.path, Reply, body);
    const missing = new Set(reply.alertsNotFound.map((id) => id.toLowerCase()));
    return { reply: { count: Number(reply[verdict.counter]), missing: (id) => missing.has(id) } };
  } catch (error) {
    const problem = toFault(error);
    // The older API said by its status that it found none of the alerts (defender-api.md §8.2).
    if (problem.code === 'not_found') return { reply: { count: 0, missing: () => true } };
    return { problem };
  }
}
