import * as z from 'zod';
import { type Fault, toFault } from '../../core/errors.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import { type Approved, recheck, statesOf, type Target } from '../../tool/plan.ts';
import { refusalOf, unknownOutcome } from '../shared/write_once.ts';
import { type CloseRequest, planClose } from './close_plan.ts';
import { type ChunkResult, idsOf, outcomesOf, report, withOutcome } from './close_report.ts';
import { ClosedAlerts, closedText } from './closed_alerts.ts';
import { readStates } from './current_state.ts';
import { type Outcome, outcomesAfter } from './outcomes.ts';
import type { CloseVerdict } from './verdicts.ts';

/** The most ids in one bulk call (docs/defender-api.md 2.3). */
const CHUNK = 100;

/** The common parts of the tools that close alerts; each tool adds its texts and its input. */
export function closing(verdict: CloseVerdict) {
  return {
    output: ClosedAlerts,
    text: closedText,
    targets: 'alert_ids',
    plan: (request: CloseRequest, api: ReadApi) => planClose(api, verdict, request),
    commit: (approved: Approved<ClosedAlerts>, { comment, reason }: CloseReason, api: WriteApi) =>
      closeAlerts(api, approved, { verdict, comment, reason }),
    after: (closed: ClosedAlerts) => Object.fromEntries(outcomesOf(closed)),
  } as const;
}

type CloseReason = Omit<CloseRequest, 'alert_ids'>;

/** How the alerts are closed, the same for every call of a close. */
interface CloseOptions extends CloseReason {
  readonly verdict: CloseVerdict;
}

/**
 * Closes alerts in calls of 100, each sent once, and stops after the first call that fails or cannot be verified.
 * @throws Fault when a call failed, and either certainly no alert was closed or the state of every alert is unknown
 */
async function closeAlerts(
  api: WriteApi,
  { targets, current }: Approved<ClosedAlerts>,
  options: CloseOptions,
): Promise<ClosedAlerts> {
  const outcomes = outcomesOf(current);
  const changes: string[] = [];
  let chunk: ChunkResult = { outcomes };
  for (let start = 0; start < targets.length && isVerified(chunk); start += CHUNK) {
    const part = targets.slice(start, start + CHUNK);
    // The first alerts were read a moment ago. Minutes can pass before a later call, so that call reads again.
    chunk = await (start === 0 ? closeChunk(api, idsIn(part), options) : closeUnchanged(api, part, options));
    if (chunk.changed !== undefined) changes.push(chunk.changed);
    for (const [id, outcome] of chunk.outcomes) outcomes.set(id, outcome);
    const closed = idsOf(outcomes, 'closed').length;
    if (targets.length > CHUNK) api.progress(`Closed ${closed} of ${targets.length} alerts.`);
  }
  const approved = new Map(targets.map(({ id }) => [id, outcomes.get(id)]));
  const untouched = chunk.problem?.mayHaveHappened === false && allAre(approved, 'not_closed');
  if (chunk.problem && (untouched || allAre(approved, 'unknown'))) throw chunk.problem;
  return report(outcomes, chunk, changes);
}

function allAre(outcomes: ReadonlyMap<string, Outcome | undefined>, wanted: Outcome): boolean {
  return [...outcomes.values()].every((outcome) => outcome === wanted);
}

function idsIn(targets: readonly Target[]): string[] {
  return targets.map(({ id }) => id);
}

function isVerified({ problem, excess, unread }: ChunkResult): boolean {
  return !problem && !excess && !unread;
}

/** Reads the alerts of a later call again, and closes those that have not changed since they were approved. */
async function closeUnchanged(api: WriteApi, targets: readonly Target[], options: CloseOptions): Promise<ChunkResult> {
  const alert_ids = idsIn(targets);
  try {
    const { plan, changed } = recheck(statesOf({ targets }), await planClose(api, options.verdict, { alert_ids }));
    const chunk = plan.targets.length === 0 ? undefined : await closeChunk(api, idsIn(plan.targets), options);
    return { ...chunk, outcomes: new Map([...outcomesOf(plan.current), ...(chunk?.outcomes ?? [])]), changed };
  } catch (error) {
    return { outcomes: withOutcome(alert_ids, 'not_closed'), problem: toFault(error) };
  }
}

/** Sends one close, and reads back what became of each alert. */
async function closeChunk(api: WriteApi, ids: readonly string[], options: CloseOptions): Promise<ChunkResult> {
  const { count, problem } = await send(api, ids, options);
  if (problem && !problem.mayHaveHappened) return { outcomes: withOutcome(ids, 'not_closed'), problem };
  try {
    const outcomes = outcomesAfter(ids, await readStates(api, ids), options.verdict.becomes);
    const refused = allAre(outcomes, 'not_closed') ? refusalOf(problem) : undefined;
    return { outcomes, problem: refused ?? problem, excess: excessOf(count, outcomes) };
  } catch (error) {
    const readFault = toFault(error);
    const outcomes = withOutcome(ids, 'unknown');
    if (problem) return { outcomes, problem: unknownOutcome(problem, readFault) };
    return { outcomes, excess: excessOf(count, outcomes), unread: { count, readFault } };
  }
}

/** The service's count, if it is larger than the number of named alerts that can have been closed. */
function excessOf(count: number, outcomes: ReadonlyMap<string, Outcome>): number | undefined {
  const possible = idsOf(outcomes, 'closed').length + idsOf(outcomes, 'unknown').length;
  return count > possible ? count : undefined;
}

interface Sent {
  /** How many alerts the service says it closed; 0 if the call failed. */
  readonly count: number;
  readonly problem?: Fault;
}

async function send(api: WriteApi, ids: readonly string[], { verdict, comment, reason }: CloseOptions): Promise<Sent> {
  const Reply = z.object({ [verdict.counter]: z.int().nonnegative() });
  const reasonId = verdict.reasons?.[reason ?? ''];
  const body = { filters: { id: { eq: ids } }, comment: comment || undefined, reasonId };
  try {
    const reply = await api.write(verdict.path, Reply, body);
    return { count: reply[verdict.counter] ?? 0 };
  } catch (error) {
    const problem = toFault(error);
    // A 404 is read as "found none of these alerts": an older client met that as an error (docs/defender-api.md 4.8).
    return problem.code === 'not_found' ? { count: 0 } : { count: 0, problem };
  }
}
