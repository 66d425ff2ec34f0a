import { z } from 'zod';
import { type Fault, toFault } from '../errors.ts';
import type { Api } from '../http/api.ts';
import type { ClosedAlerts } from '../model/closing.ts';
import { wireList } from '../model/wire.ts';
import { type Path, path } from '../path.ts';
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

/** What became of one call's alerts. */
interface Chunk {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly problem?: Fault | undefined;
  /** The service's count, where it is more than was asked for. */
  readonly excess?: number | undefined;
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
  const missing = ids.filter((id) => reply?.missing.has(id));
  const accounted = reply !== undefined && reply.count + missing.length === ids.length;
  const open = accounted ? missing : ids;
  const closed = all(accounted ? ids.filter((id) => !reply.missing.has(id)) : [], 'closed');
  const excess = reply && reply.count > ids.length ? reply.count : undefined;
  if (open.length === 0) return { fates: closed };
  try {
    const claimed = reply && reply.count - closed.size;
    const fates = judge(open, await readStates(api, open), { becomes: verdict.becomes, since, claimed });
    return { fates: new Map([...closed, ...fates]), problem, excess };
  } catch (error) {
    const reading = toFault(error);
    const fates = new Map([...closed, ...all(open, 'unknown')]);
    return { fates, problem: problem ? unknownOutcome(problem, reading) : reading, excess };
  }
}

interface Sent {
  readonly reply?: { readonly count: number; readonly missing: ReadonlySet<string> };
  readonly problem?: Fault;
}

async function send(api: Api, verdict: Verdict, { alert_ids, comment, reasonId }: CloseRequest): Promise<Sent> {
  const Reply = z.object({ [verdict.counter]: z.number() }).and(z.object({ alertsNotFound: wireList(z.string()) }));
  const body = { filters: { id: { eq: alert_ids } }, comment: comment || undefined, reasonId };
  try {
    const reply = await api.write(verdict.path, Reply, body);
    const missing = new Set(reply.alertsNotFound.map((id) => id.toLowerCase()));
    return { reply: { count: Number(reply[verdict.counter]), missing } };
  } catch (error) {
    return { problem: toFault(error) };
  }
}

function report(fates: ReadonlyMap<string, Fate>, { problem, excess }: Chunk): ClosedAlerts {
  const closed = idsOf(fates, 'closed');
  const lists = {
    already_closed: idsOf(fates, 'already_closed'),
    not_found: idsOf(fates, 'not_found'),
    not_closed: idsOf(fates, 'not_closed'),
    unknown: idsOf(fates, 'unknown'),
  };
  const partial = closed.length > 0 ? 'partial' : lists.unknown.length > 0 ? 'unknown' : 'unchanged';
  const status = excess ? 'unexpected' : closed.length === fates.size ? 'closed' : partial;
  return { status, closed: closed.length, closed_ids: closed, ...lists, warning: warn(problem, excess) };
}

function warn(problem: Fault | undefined, excess: number | undefined): string | undefined {
  if (excess) {
    return (
      `The service says it closed ${excess} alerts, more than were named. ` +
      'Nothing further was sent: check the closed alerts in the portal now.'
    );
  }
  if (!problem) return undefined;
  const after = problem.mayHaveHappened ? 'It was not repeated; the lists tell the state read afterwards. ' : '';
  return `${problem.code}: ${problem.detail} ${after}Nothing further was sent; call again with the ids in not_closed.`;
}

function all(ids: readonly string[], fate: Fate): Map<string, Fate> {
  return new Map(ids.map((id) => [id, fate]));
}

function idsOf(fates: ReadonlyMap<string, Fate>, wanted: Fate): string[] {
  return [...fates].filter(([, fate]) => fate === wanted).map(([id]) => id);
}
