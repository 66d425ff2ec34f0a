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

/** What could be read of some alerts. */
export interface States {
  readonly byId: ReadonlyMap<string, State>;
  /** Everything was read, so an id without a state is unknown to the service. */
  readonly complete: boolean;
}

/**
 * Reads up to 100 alerts in one call.
 * @throws Fault, also when the service ignored the filter, because then an absent id proves nothing
 */
export async function readStates(api: Api, ids: readonly string[]): Promise<States> {
  const { items, hasMore, unreadable } = await list(api, {
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
  return { byId: states, complete: !hasMore && unreadable === 0 };
}

function toState({ resolutionStatusValue, resolveTime }: WireAlert): State {
  const resolvedAt = Date.parse(resolveTime ?? '');
  return { status: resolutionStatusValue ?? undefined, resolvedAt: Number.isNaN(resolvedAt) ? undefined : resolvedAt };
}
