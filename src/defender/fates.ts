import type { State, States } from './states.ts';

/** What became of an alert that was to be closed. */
export type Fate = 'closed' | 'already_closed' | 'not_found' | 'not_closed' | 'unknown';

/** What is known about a close besides the alerts' states now. */
export interface Evidence {
  /** The `resolutionStatusValue`s that this close leads to. */
  readonly becomes: readonly number[];
  /** When it was sent, ms since the epoch. */
  readonly since: number;
  /** How many of these alerts the service says it closed; undefined when its answer was lost. */
  readonly claimed: number | undefined;
}

/** The service's clock may differ from ours by this much, ms. */
const SKEW = 120_000;

/** Tells from the present states which alerts this close has closed and which were closed before. */
export function judge(
  ids: readonly string[],
  { byId, complete }: States,
  { becomes, since, claimed }: Evidence,
): Map<string, Fate> {
  const resolvedAt = (id: string) => byId.get(id)?.resolvedAt ?? since;
  const candidates = ids.filter((id) => becomes.includes(byId.get(id)?.status ?? -1));
  const recent = candidates.filter((id) => resolvedAt(id) >= since - SKEW);
  // The latest to be resolved are ours; the same verdict given before stands behind them.
  const latest = candidates.toSorted((a, b) => resolvedAt(b) - resolvedAt(a));
  const ours = new Set(latest.slice(0, claimed ?? recent.length));
  return new Map(ids.map((id) => [id, ours.has(id) ? 'closed' : fateOf(byId.get(id), complete)]));
}

/** What an alert is that this call has not closed. */
export function fateOf(state: State | undefined, complete: boolean): Fate {
  if (state === undefined) return complete ? 'not_found' : 'unknown';
  if (state.status === undefined || state.status < 0) return 'unknown';
  return state.status === 0 ? 'not_closed' : 'already_closed';
}
