import { Fault } from '../errors.ts';
import type { Api } from '../http/api.ts';
import { WireAlert } from '../model/alert.ts';
import { path } from '../path.ts';
import { list } from './list.ts';

/** What one alert is now. */
export interface State {
  /** `resolutionStatusValue` (defender-api.md §6.2), undefined where the record does not say. */
  readonly status: number | undefined;
  /** ms since the epoch. */
  readonly resolvedAt: number | undefined;
}

/**
 * Reads up to 100 alerts in one call; an id without a state is unknown to the service.
 * @throws Fault, also when the service ignored the filter, because then an absent id proves nothing
 */
export async function readStates(api: Api, ids: readonly string[]): Promise<ReadonlyMap<string, State>> {
  const { items } = await list(api, {
    path: path`/api/v1/alerts/`,
    filters: { id: { eq: ids } },
    limit: ids.length,
    record: WireAlert,
  });
  const asked = new Set(ids);
  const states = new Map(items.map((wire) => [wire._id.toLowerCase(), toState(wire)]));
  if ([...states.keys()].some((id) => !asked.has(id))) {
    throw new Fault('unreadable', 'The service returned alerts that were not asked for.');
  }
  return states;
}

function toState({ resolutionStatusValue, resolveTime }: WireAlert): State {
  const resolvedAt = Date.parse(resolveTime ?? '');
  return { status: resolutionStatusValue, resolvedAt: Number.isNaN(resolvedAt) ? undefined : resolvedAt };
}
