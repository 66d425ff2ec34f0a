import type { CurrentState, CurrentStates } from './current_state.ts';

/** What became of an alert that was to be closed. */
export type Outcome = 'closed' | 'already_closed' | 'not_found' | 'not_closed' | 'unknown';

/** What an alert is that this call has not closed. */
export function outcomeOf(state: CurrentState | undefined, complete: boolean): Outcome {
  if (state === undefined) return complete ? 'not_found' : 'unknown';
  if (state.status === undefined || state.status < 0) return 'unknown';
  return state.status === 0 ? 'not_closed' : 'already_closed';
}

/**
 * What a close has made of alerts that were open a moment before. Who closed them is not asked: an alert that has the
 * state which this close leads to counts as closed by it.
 * @param becomes the `resolutionStatusValue`s that this close leads to
 */
export function outcomesAfter(
  ids: readonly string[],
  { byId, complete }: CurrentStates,
  becomes: readonly number[],
): Map<string, Outcome> {
  const outcome = (id: string): Outcome => {
    const state = byId.get(id);
    return becomes.includes(state?.status ?? -1) ? 'closed' : outcomeOf(state, complete);
  };
  return new Map(ids.map((id) => [id, outcome(id)]));
}
