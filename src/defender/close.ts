import * as z from 'zod';
import { type Fault, toFault } from '../errors.ts';
import type { Api, ReadApi } from '../http/api.ts';
import { ClosedAlerts, closedText } from '../model/closing.ts';
import { asText, wireList } from '../model/wire.ts';
import { type Plan, recheck } from '../plan.ts';
import { type CloseRequest, planClose } from './close_plan.ts';
import { all, type Chunk, fatesOf, idsOf, report } from './close_report.ts';
import { type Evidence, type Fate, judge } from './fates.ts';
import { readStates } from './states.ts';
import type { Verdict } from './verdicts.ts';
import { unknownOutcome } from './write.ts';

/** Most ids in one call (defender-api.md §1.4). */
const CHUNK = 100;

/** One call to the service. */
interface ClosingCall {
  readonly verdict: Verdict;
  readonly ids: readonly string[];
  readonly comment: string | undefined;
  readonly reasonId: number | undefined;
  /** The alerts were seen open a moment ago, and are read back whatever the reply says. */
  readonly planned: boolean;
}

/** What a closing tool is made of, but for its words and its input. */
export function closing(verdict: Verdict) {
  return {
    output: ClosedAlerts,
    text: closedText,
    plan: (request: CloseRequest, api: ReadApi) => planClose(api, verdict, request),
    commit: (request: CloseRequest, api: Api, plan?: Plan<ClosedAlerts>) => closeAlerts(api, verdict, request, plan),
    after: (closed: ClosedAlerts) => Object.fromEntries(fatesOf(closed)),
  };
}

/**
 * Closes alerts, 100 a call, each sent once; stops at the first call that did not go as it should.
 * @throws Fault when nothing was closed, or nothing is known about any alert
 */
async function closeAlerts(
  api: Api,
  verdict: Verdict,
  { alert_ids, comment, reason }: CloseRequest,
  plan?: Plan<ClosedAlerts>,
): Promise<ClosedAlerts> {
  const ids = plan?.targets.map(({ id }) => id) ?? alert_ids;
  const fates = plan ? fatesOf(plan.standing) : all(ids, 'not_closed');
  const words = { verdict, comment, reasonId: verdict.reasons?.[reason ?? ''], planned: plan !== undefined };
  const changes: string[] = [];
  let chunk: Chunk = { fates };
  for (let start = 0; start < ids.length && isGoingWell(chunk); start += CHUNK) {
    const part = ids.slice(start, start + CHUNK);
    // The first has been read a moment ago; until the next ones are sent, minutes can go by.
    chunk = await (plan && start > 0
      ? closeIfStillSo(api, plan, { ...words, ids: part })
      : closeChunk(api, { ...words, ids: part }));
    if (chunk.changed !== undefined) changes.push(chunk.changed);
    for (const [id, fate] of chunk.fates) fates.set(id, fate);
    if (ids.length > CHUNK) api.progress(`Closed ${idsOf(fates, 'closed').length} of ${ids.length} alerts.`);
  }
  const allAre = (fate: Fate) => ids.every((id) => fates.get(id) === fate);
  const untouched = chunk.problem?.mayHaveHappened === false && allAre('not_closed');
  if (chunk.problem && (untouched || allAre('unknown'))) throw chunk.problem;
  return report(fates, chunk, changes);
}

function isGoingWell({ problem, excess, unread }: Chunk): boolean {
  return !problem && !excess && !unread;
}

/** Reads the alerts of a later call again, and leaves out what is not as it was planned. */
async function closeIfStillSo(api: Api, { targets }: Plan, call: ClosingCall): Promise<Chunk> {
  try {
    const seen = new Map(targets.filter(({ id }) => call.ids.includes(id)).map(({ id, state }) => [id, state]));
    const { plan, changed } = recheck(seen, await planClose(api, call.verdict, { alert_ids: call.ids }));
    const ids = plan.targets.map(({ id }) => id);
    const chunk = ids.length === 0 ? { fates: [] } : await closeChunk(api, { ...call, ids });
    return { ...chunk, fates: new Map([...fatesOf(plan.standing), ...chunk.fates]), changed };
  } catch (error) {
    return { fates: all(call.ids, 'not_closed'), problem: toFault(error) };
  }
}

/** Sends one close, and reads what its reply leaves open: an id may have been closed before, or be unknown. */
async function closeChunk(api: Api, call: ClosingCall): Promise<Chunk> {
  const { ids, planned } = call;
  const since = Date.now();
  const { reply, problem } = await send(api, call);
  if (problem && !problem.mayHaveHappened) return { fates: all(ids, 'not_closed'), problem };
  const missing = ids.filter((id) => reply?.missing(id));
  const accounted = !planned && reply !== undefined && reply.count + missing.length === ids.length;
  const closed = all(accounted ? ids.filter((id) => !reply.missing(id)) : [], 'closed');
  const open = ids.filter((id) => !closed.has(id));
  if (open.length === 0) return { fates: closed };
  try {
    const judged = judge(open, await readStates(api, open), evidence(call, since, reply && reply.count - closed.size));
    const fates = new Map([...closed, ...judged]);
    return { fates, problem, excess: excessOf(reply?.count, fates) };
  } catch (error) {
    const reading = toFault(error);
    const fates = new Map([...all(ids, 'unknown'), ...closed]);
    const excess = excessOf(reply?.count, fates);
    if (planned && reply) return { fates, excess, unread: { count: reply.count, reading } };
    return { fates, excess, problem: problem ? unknownOutcome(problem, reading) : reading };
  }
}

/** What was planned was open a moment ago, so that it is this call which has closed it, whatever clocks say. */
function evidence({ verdict, planned }: ClosingCall, since: number, claimed: number | undefined): Evidence {
  const { becomes } = verdict;
  return planned ? { becomes, since: 0, claimed: undefined } : { becomes, since, claimed };
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

async function send(api: Api, { verdict, ids, comment, reasonId }: ClosingCall): Promise<Sent> {
  const counter = z.int().nonnegative();
  const Reply = z.object({ [verdict.counter]: counter }).and(z.object({ alertsNotFound: wireList(asText) }));
  const body = { filters: { id: { eq: ids } }, comment: comment || undefined, reasonId };
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
