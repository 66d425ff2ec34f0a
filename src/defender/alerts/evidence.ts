import type { ReadApi } from '../../http/client.ts';
import type { WireActivity } from '../activities/activity.ts';
import { type ActivityQuery, activityFilters } from '../activities/activity_query.ts';
import { isOld } from '../activities/history.ts';
import { activityList } from '../activities/list_activities.ts';
import type { Filters } from '../shared/filters.ts';
import { type Listing, PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { accountKey, isGuid } from '../shared/user_argument.ts';
import { toMs } from '../shared/wire.ts';
import type { WireAlertDetail } from './alert_detail.ts';

/** How the activities behind an alert were found. */
export const FOUND_BY = ['alert_id', 'audits', 'users_around', 'nothing', 'too_old'] as const;

export interface Evidence {
  readonly found_by: (typeof FOUND_BY)[number];
  readonly listing: Listing<WireActivity> | undefined;
}

const HOUR = 3_600_000;
/** Around an alert; it is raised a while after what it is about. */
const BEFORE_MS = 2 * HOUR;
const AFTER_MS = HOUR / 6;

type Wire = Pick<WireAlertDetail, '_id' | 'timestamp' | 'audits' | 'entities'>;

/**
 * The activities behind an alert: those that name it; else those that its record names; else what its users did from
 * 2 h before to 10 min after. At most three calls (docs/defender-api.md 5.5).
 */
export async function readEvidence(api: ReadApi, wire: Wire): Promise<Evidence> {
  const byAlert = await readActivities(api, activityFilters({ alert_id: wire._id } satisfies ActivityQuery, {}));
  if (byAlert.items.length > 0) return { found_by: 'alert_id', listing: byAlert };
  const audits = [...new Set(wire.audits)].slice(0, PAGE_SIZE);
  if (audits.length > 0) {
    const listing = await readActivities(api, { 'activity.id': { eq: audits } });
    if (listing.items.length > 0) return { found_by: 'audits', listing };
  }
  const around = aroundUsers(wire);
  const listing = around && (await readActivities(api, around));
  return listing && listing.items.length > 0
    ? { found_by: 'users_around', listing }
    : { found_by: isOld(toMs(wire.timestamp) ?? Date.now()) ? 'too_old' : 'nothing', listing: undefined };
}

function readActivities(api: ReadApi, filters: Filters): Promise<Listing<WireActivity>> {
  return readList(api, { ...activityList, filters, limit: PAGE_SIZE });
}

/** Undefined for an alert without a time or without users who have an Entra object id. */
function aroundUsers({ timestamp, entities }: Wire): Filters | undefined {
  const time = toMs(timestamp);
  const ids = entities.flatMap(({ type, id }) => (type === 'account' && isGuid(String(id)) ? [String(id)] : []));
  if (time === undefined || ids.length === 0) return undefined;
  return {
    entity: { eq: [...new Set(ids)].slice(0, PAGE_SIZE).map(accountKey) },
    date: { gte: time - BEFORE_MS, lte: time + AFTER_MS },
  };
}
