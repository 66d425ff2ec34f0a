import { Fault } from '../errors.ts';
import type { ReadApi } from '../http/api.ts';
import { type Alert, toAlert, type WireAlert } from '../model/alert.ts';
import { alertList } from './alert_list.ts';
import { list, PAGE } from './list.ts';

/** What one alert is now. */
export interface State {
  /** `resolutionStatusValue` (defender-api.md §6.2), undefined where the record does not say. */
  readonly status: number | undefined;
  /** ms since the epoch. */
  readonly resolvedAt: number | undefined;
  readonly alert: Alert;
}

/** What could be read of some alerts. */
export interface States {
  readonly byId: ReadonlyMap<string, State>;
  /** Everything was read, so an id without a state is unknown to the service. */
  readonly complete: boolean;
}

/**
 * Reads alerts by id, 100 a call.
 * @throws Fault, also when the service ignored the filter, because then an absent id proves nothing
 */
export async function readStates(api: ReadApi, ids: readonly string[]): Promise<States> {
  const states = new Map<string, State>();
  let complete = true;
  for (let start = 0; start < ids.length; start += PAGE) {
    const page = await readPage(api, ids.slice(start, start + PAGE));
    for (const [id, state] of page.byId) states.set(id, state);
    complete &&= page.complete;
  }
  return { byId: states, complete };
}

async function readPage(api: ReadApi, ids: readonly string[]): Promise<States> {
  const { items, hasMore, unreadable } = await list(api, {
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

function toState(wire: WireAlert, portal: string): State {
  const resolvedAt = Date.parse(wire.resolveTime ?? '');
  return {
    status: wire.resolutionStatusValue ?? undefined,
    resolvedAt: Number.isNaN(resolvedAt) ? undefined : resolvedAt,
    alert: toAlert(wire, portal),
  };
}
