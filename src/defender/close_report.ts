import { CODES, type Fault } from '../errors.ts';
import type { ClosedAlerts } from '../model/closing.ts';
import type { Fate } from './fates.ts';

/** What became of one call's alerts. */
export interface Chunk {
  readonly fates: ReadonlyMap<string, Fate>;
  readonly problem?: Fault | undefined;
  /** The service's count, where it is more than can be found among the alerts that were named. */
  readonly excess?: number | undefined;
  /** The service's count, and why it could not be verified by reading. */
  readonly unread?: { readonly count: number; readonly reading: Fault } | undefined;
  /** Names what was left out because it has changed. */
  readonly changed?: string | undefined;
}

/**
 * @param last the call at which the closing ended
 * @param changes sentences about what was left out on the way
 */
export function report(fates: ReadonlyMap<string, Fate>, last: Chunk, changes: readonly string[] = []): ClosedAlerts {
  const closed = idsOf(fates, 'closed');
  const lists = {
    already_closed: idsOf(fates, 'already_closed'),
    not_found: idsOf(fates, 'not_found'),
    not_closed: idsOf(fates, 'not_closed'),
    unknown: idsOf(fates, 'unknown'),
  };
  const partial = closed.length > 0 ? 'partial' : lists.unknown.length > 0 ? 'unknown' : 'unchanged';
  const status = last.excess ? 'unexpected' : closed.length === fates.size ? 'closed' : partial;
  const warning =
    [...changes, warn(last, closed.length, lists.not_closed.length)].filter(Boolean).join(' ') || undefined;
  return { status, closed: closed.length, closed_ids: closed, ...lists, warning };
}

function warn({ problem, excess, unread, fates }: Chunk, closed: number, notClosed: number): string | undefined {
  const sentences = [
    excess &&
      `The service says it closed ${excess} alerts, but ${closed} of the named ones show it. ` +
        'It may have closed others: check the closed alerts in the portal now.',
    unread &&
      `The service says it closed ${unread.count}, but reading them back failed ` +
        `(${unread.reading.code}: ${unread.reading.detail}). Read them again before anything else.`,
    problem && `${problem.code}: ${problem.detail}`,
    problem?.mayHaveHappened &&
      idsOf(fates, 'unknown').length === 0 &&
      'It was not repeated; the lists tell the state read afterwards.',
    (problem || excess || unread) && notClosed > 0 && 'Nothing further was sent.',
    problem &&
      notClosed > 0 &&
      CODES[problem.code].retry !== 'no' &&
      'The ids in not_closed can be closed by another call.',
  ].filter(Boolean);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}

/** The fates that a report was made of. */
export function fatesOf(closed: ClosedAlerts): Map<string, Fate> {
  return new Map([
    ...all(closed.closed_ids, 'closed'),
    ...all(closed.already_closed, 'already_closed'),
    ...all(closed.not_found, 'not_found'),
    ...all(closed.not_closed, 'not_closed'),
    ...all(closed.unknown, 'unknown'),
  ]);
}

export function all(ids: readonly string[], fate: Fate): Map<string, Fate> {
  return new Map(ids.map((id) => [id, fate]));
}

export function idsOf(fates: ReadonlyMap<string, Fate>, wanted: Fate): string[] {
  return [...fates].filter(([, fate]) => fate === wanted).map(([id]) => id);
}
