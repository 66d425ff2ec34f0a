import type { Fault } from '../../core/errors.ts';
import { notFoundNote } from './alert_change.ts';
import type { ClosedAlerts } from './closed_alerts.ts';
import type { Outcome } from './outcomes.ts';

/** What became of the alerts of one call. */
export interface ChunkResult {
  readonly outcomes: ReadonlyMap<string, Outcome>;
  readonly problem?: Fault | undefined;
  /** The service's count, if it is larger than the number of named alerts that can have been closed. */
  readonly excess?: number | undefined;
  /** The service's count, and why the alerts could not be read back. */
  readonly unread?: { readonly count: number; readonly readFault: Fault } | undefined;
  /** A sentence that names the alerts left out because they changed. */
  readonly changed?: string | undefined;
}

/**
 * The answer of a close.
 * @param last the result of the last call, which may have a problem
 * @param changes sentences about alerts that were left out because they changed
 */
export function report(
  outcomes: ReadonlyMap<string, Outcome>,
  last: ChunkResult,
  changes: readonly string[] = [],
): ClosedAlerts {
  const closed = idsOf(outcomes, 'closed');
  const lists = {
    already_closed: idsOf(outcomes, 'already_closed'),
    not_found: idsOf(outcomes, 'not_found'),
    not_closed: idsOf(outcomes, 'not_closed'),
    unknown: idsOf(outcomes, 'unknown'),
  };
  const partial = closed.length > 0 ? 'partial' : lists.unknown.length > 0 ? 'unknown' : 'unchanged';
  const status = last.excess ? 'unexpected' : closed.length === outcomes.size ? 'closed' : partial;
  const warning =
    [...changes, warn(last, closed.length, lists.not_closed.length), notFoundNote(lists.not_found)]
      .filter(Boolean)
      .join(' ') || undefined;
  return { status, closed: closed.length, closed_ids: closed, ...lists, warning };
}

function warn(
  { problem, excess, unread, outcomes }: ChunkResult,
  closed: number,
  notClosed: number,
): string | undefined {
  const sentences = [
    excess &&
      `The service says it closed ${excess} alerts, but ${closed} of the named ones show it. ` +
        'It may have closed others: check the closed alerts in the portal now.',
    unread &&
      `The service says it closed ${unread.count}, but reading them back failed ` +
        `(${unread.readFault.code}: ${unread.readFault.detail}). Read them again before anything else.`,
    problem && `${problem.code}: ${problem.detail}`,
    problem?.mayHaveHappened &&
      idsOf(outcomes, 'unknown').length === 0 &&
      'It was not repeated; the lists tell the state read afterwards.',
    (problem || excess || unread) && notClosed > 0 && 'Nothing further was sent.',
    problem && notClosed > 0 && problem.retry !== 'no' && 'The ids in not_closed can be closed by another call.',
  ].filter(Boolean);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** The outcomes that a report was made of. */
export function outcomesOf(closed: ClosedAlerts): Map<string, Outcome> {
  return new Map([
    ...withOutcome(closed.closed_ids, 'closed'),
    ...withOutcome(closed.already_closed, 'already_closed'),
    ...withOutcome(closed.not_found, 'not_found'),
    ...withOutcome(closed.not_closed ?? [], 'not_closed'),
    ...withOutcome(closed.unknown, 'unknown'),
  ]);
}

export function withOutcome(ids: readonly string[], outcome: Outcome): Map<string, Outcome> {
  return new Map(ids.map((id) => [id, outcome]));
}

export function idsOf(outcomes: ReadonlyMap<string, Outcome>, wanted: Outcome): string[] {
  return [...outcomes].filter(([, outcome]) => outcome === wanted).map(([id]) => id);
}
