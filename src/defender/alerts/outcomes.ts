import type { CurrentState, CurrentStates } from './current_state.ts';

/** What became of an alert that was to be closed. */
export type Outcome = 'closed' | 'already_closed' | 'not_found' | 'not_closed' | 'unknown';

/** The outcome of an alert that this call has not closed. */
export function outcomeOf(state: CurrentState | undefined, complete: boolean): Outcome {
  if (state === undefined) return complete ? 'not_found' : 'unknown';
  if (state.status === undefined || state.status < 0) return 'unknown';
  return state.status === 0 ? 'not_closed' : 'already_closed';
}

/**
 * The outcomes of a close on alerts that were open a moment before. An alert in a state that this close leads to counts
 * as closed by it, even if somebody else closed it.
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
