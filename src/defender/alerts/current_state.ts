import { Fault } from '../../core/errors.ts';
import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { type Alert, toAlert } from './alert.ts';
import type { WireAlertDetail } from './alert_detail.ts';
import { detailList } from './alert_list.ts';

/** The present state of one alert. */
export interface CurrentState {
  /** `resolutionStatusValue` (docs/defender-api.md 4.4); undefined if absent, -1 if unreadable. */
  readonly status: number | undefined;
  /** `statusValue`: 0 unread, 1 read, 2 archived (docs/defender-api.md 4.4). */
  readonly readState: number | undefined;
  readonly alert: Alert;
}

/** The states that could be read. */
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
  for (let start = 0; start < ids.length; start += PAGE_SIZE) {
    const page = await readPage(api, ids.slice(start, start + PAGE_SIZE));
    for (const [id, state] of page.byId) states.set(id, state);
    complete &&= page.complete;
  }
  return { byId: states, complete };
}

async function readPage(api: ReadApi, ids: readonly string[]): Promise<CurrentStates> {
  const { items, hasMore, unreadable } = await readList(api, {
    ...detailList,
    filters: { id: { eq: ids } },
    limit: ids.length,
  });
  const asked = new Set(ids);
  const states = new Map(await mapInTurns(items, (wire) => [wire._id, toState(wire, api.origin)] as const));
  if ([...states.keys()].some((id) => !asked.has(id))) {
    throw new Fault('unreadable', 'The service returned alerts that were not asked for.');
  }
  return { byId: states, complete: !hasMore && unreadable === 0 };
}

function toState(wire: WireAlertDetail, portal: string): CurrentState {
  return {
    status: wire.resolutionStatusValue ?? undefined,
    readState: wire.statusValue,
    alert: toAlert(wire, portal),
  };
}
