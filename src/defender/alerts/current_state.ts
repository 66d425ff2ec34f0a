import { Fault } from '../../core/errors.ts';
import type { ReadApi } from '../../http/client.ts';
import { PAGE, readList } from '../shared/paged_list.ts';
import { type Alert, toAlert, type WireAlert } from './alert.ts';
import { alertList } from './alert_list.ts';

/** What one alert is now. */
export interface CurrentState {
  /** `resolutionStatusValue` (docs/defender-api.md 4.4), undefined where the record does not say. */
  readonly status: number | undefined;
  readonly alert: Alert;
}

/** What could be read of some alerts. */
export interface CurrentStates {
  readonly byId: ReadonlyMap<string, CurrentState>;
  /** Everything was read, so an id without a state is unknown to the service. */
  readonly complete: boolean;
}

/**
 * Reads alerts by id, 100 a call.
 * @throws Fault, also when the service ignored the filter, because then an absent id proves nothing
 */
export async function readStates(api: ReadApi, ids: readonly string[]): Promise<CurrentStates> {
  const states = new Map<string, CurrentState>();
  let complete = true;
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = await readPage(api, ids.slice(start, start + PAGE));
    for (const [id, state] of page.byId) states.set(id, state);
    complete &&= page.complete;
  }
  return { byId: states, complete };
}

async function readPage(api: ReadApi, ids: readonly string[]): Promise<CurrentStates> {
  const { items, hasMore, unreadable } = await readList(api, {
    ...alertList,
    filters: { id: { eq: ids } },
    limit: ids.length,
  });
  const asked = new Set(ids);
  const states = new Map(items.map((wire) => [wire._id.toLowerCase(), toState(wire, api.origin)]));
  if ([...states.keys()].some((id) => !asked.has(id))) {
    throw new Fault('unreadable', 'The service returned alerts that were not asked for.');
  }
  return { byId: states, complete: !hasMore && unreadable === 0 };
}

function toState(wire: WireAlert, portal: string): CurrentState {
  return { status: wire.resolutionStatusValue ?? undefined, alert: toAlert(wire, portal) };
}
