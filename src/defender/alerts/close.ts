import * as z from 'zod';
import { type Fault, toFault } from '../../core/errors.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import { type Approved, recheck, statesOf, type Target } from '../../tool/plan.ts';
import { unknownOutcome } from '../shared/write_once.ts';
import { type CloseRequest, planClose } from './close_plan.ts';
import { all, type Chunk, idsOf, outcomesOf, report } from './close_report.ts';
import { ClosedAlerts, closedText } from './closed_alerts.ts';
import { readStates } from './current_state.ts';
import { type Outcome, outcomesAfter } from './outcomes.ts';
import type { CloseVerdict } from './verdicts.ts';

/** Most ids in one call (docs/defender-api.md 2.3). */
const CHUNK = 100;

/** What a closing tool is made of, but for its words and its input. */
export function closing(verdict: CloseVerdict) {
  return {
    output: ClosedAlerts,
    text: closedText,
    targets: 'alert_ids',
    plan: (request: CloseRequest, api: ReadApi) => planClose(api, verdict, request),
    commit: (approved: Approved<ClosedAlerts>, reasoning: Reasoning, api: WriteApi) =>
      closeAlerts(api, approved, { verdict, comment: reasoning.comment, reason: reasoning.reason }),
    after: (closed: ClosedAlerts) => Object.fromEntries(outcomesOf(closed)),
  } as const;
}

type Reasoning = Omit<CloseRequest, 'alert_ids'>;

/** How the alerts are closed, the same for every call of a close. */
interface Words extends Reasoning {
  readonly verdict: CloseVerdict;
}

/**
 * Closes alerts, 100 a call, each sent once; stops at the first call that did not go as it should.
 * @throws Fault when nothing was closed, or nothing is known about any alert
 */
async function closeAlerts(
  api: WriteApi,
  { targets, current }: Approved<ClosedAlerts>,
  words: Words,
): Promise<ClosedAlerts> {
  const outcomes = outcomesOf(current);
  const changes: string[] = [];
  let chunk: Chunk = { outcomes };
  for (let start = 0; start < targets.length && isGoingWell(chunk); start += CHUNK) {
    const part = targets.slice(start, start + CHUNK);
    // The first has been read a moment ago; until the next ones are sent, minutes can go by.
    chunk = await (start === 0 ? closeChunk(api, idsIn(part), words) : closeUnchanged(api, part, words));
    if (chunk.changed !== undefined) changes.push(chunk.changed);
    for (const [id, outcome] of chunk.outcomes) outcomes.set(id, outcome);
    const closed = idsOf(outcomes, 'closed').length;
    if (targets.length > CHUNK) api.progress(`Closed ${closed} of ${targets.length} alerts.`);
  }
  const allAre = (outcome: Outcome) => targets.every(({ id }) => outcomes.get(id) === outcome);
  const untouched = chunk.problem?.mayHaveHappened === false && allAre('not_closed');
  if (chunk.problem && (untouched || allAre('unknown'))) throw chunk.problem;
  return report(outcomes, chunk, changes);
}

function idsIn(targets: readonly Target[]): string[] {
  return targets.map(({ id }) => id);
}

function isGoingWell({ problem, excess, unread }: Chunk): boolean {
  return !problem && !excess && !unread;
}

/** Reads the alerts of a later call again, and leaves out those that have changed since they were approved. */
async function closeUnchanged(api: WriteApi, targets: readonly Target[], words: Words): Promise<Chunk> {
  const alert_ids = idsIn(targets);
  try {
    const { plan, changed } = recheck(statesOf({ targets }), await planClose(api, words.verdict, { alert_ids }));
    const chunk = plan.targets.length === 0 ? undefined : await closeChunk(api, idsIn(plan.targets), words);
    return { ...chunk, outcomes: new Map([...outcomesOf(plan.current), ...(chunk?.outcomes ?? [])]), changed };
  } catch (error) {
    return { outcomes: all(alert_ids, 'not_closed'), problem: toFault(error) };
  }
}

/** Sends one close, and reads back what became of each alert. */
async function closeChunk(api: WriteApi, ids: readonly string[], words: Words): Promise<Chunk> {
  const { count, problem } = await send(api, ids, words);
  if (problem && !problem.mayHaveHappened) return { outcomes: all(ids, 'not_closed'), problem };
  try {
    const outcomes = outcomesAfter(ids, await readStates(api, ids), words.verdict.becomes);
    return { outcomes, problem, excess: excessOf(count, outcomes) };
  } catch (error) {
    const reading = toFault(error);
    const outcomes = all(ids, 'unknown');
    if (problem) return { outcomes, problem: unknownOutcome(problem, reading) };
    return { outcomes, excess: excessOf(count, outcomes), unread: { count, reading } };
  }
}

/** The service's count where it is more than can be found among the alerts that were named. */
function excessOf(count: number, outcomes: ReadonlyMap<string, Outcome>): number | undefined {
  const possible = idsOf(outcomes, 'closed').length + idsOf(outcomes, 'unknown').length;
  return count > possible ? count : undefined;
}

interface Sent {
  /** How many alerts the service says it closed; 0 where it does not say. */
  readonly count: number;
  readonly problem?: Fault;
}

async function send(api: WriteApi, ids: readonly string[], { verdict, comment, reason }: Words): Promise<Sent> {
  const Reply = z.object({ [verdict.counter]: z.int().nonnegative() });
  const reasonId = verdict.reasons?.[reason ?? ''];
  const body = { filters: { id: { eq: ids } }, comment: comment || undefined, reasonId };
  try {
    const reply = await api.write(verdict.path, Reply, body);
    return { count: reply[verdict.counter] ?? 0 };
  } catch (error) {
    const problem = toFault(error);
    // The older API said by its status that it found none of the alerts (docs/defender-api.md 4.8).
    return problem.code === 'not_found' ? { count: 0 } : { count: 0, problem };
  }
}
