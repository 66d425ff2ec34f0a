import type { ReadApi } from '../../http/client.ts';
import { readList } from '../shared/paged_list.ts';
import { readOrUndefined } from '../shared/write_once.ts';
import { detailList } from './alert_list.ts';
import { type AlertQuery, alertFilters, isAsked } from './alert_query.ts';

/**
 * How many open alerts there are of a user or policy; undefined if the service does not tell. One call, of one alert,
 * which also shows whether the filter worked.
 */
export function countOpenAlerts(
  api: ReadApi,
  about: Pick<AlertQuery, 'user' | 'policy_id'>,
): Promise<number | undefined> {
  return readOrUndefined(async () => {
    const query = { ...about, status: 'open' } as const;
    const listing = await readList(api, { ...detailList, filters: alertFilters(query, {}), limit: 1 });
    return listing.items.every(isAsked(query, {})) ? listing.total : undefined;
  });
}
