import type { ReadApi } from '../../http/client.ts';
import type { WireActivity } from '../activities/activity.ts';
import { activityFilters, isAsked } from '../activities/activity_query.ts';
import { isOld } from '../activities/history.ts';
import { activityList } from '../activities/list_activities.ts';
import type { Filters } from '../shared/filters.ts';
import { type Listing, PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { dateFilter } from '../shared/time_argument.ts';
import { accountKey, isGuid, isUpn } from '../shared/user_argument.ts';
import { toMs } from '../shared/wire.ts';
import type { WireAlertDetail } from './alert_detail.ts';

/** How the activities behind an alert were found. */
export const FOUND_BY = ['alert_id', 'audits', 'users_around', 'nothing', 'not_searched', 'too_old'] as const;

export interface Evidence {
  readonly found_by: (typeof FOUND_BY)[number];
  readonly listing: Listing<WireActivity> | undefined;
}

const HOUR = 3_600_000;
/** Around an alert; it is raised a while after what it is about. */
const BEFORE_MS = 2 * HOUR;
const AFTER_MS = HOUR / 6;

type Wire = Pick<WireAlertDetail, '_id' | 'timestamp' | 'audits' | 'entities'>;

/** Whose activities are looked for, and when. */
interface Around {
  readonly filters: Filters;
  readonly wanted: (wire: WireActivity) => boolean;
}

/**
 * The activities behind an alert: those that name it; else those that its record names; else what its users did from
 * 2 h before to 10 min after. At most three calls (docs/defender-api.md 5.5). The service has been seen to ignore
 * filters, so what the records say is checked; they do not say which alert they belong to.
 */
export async function readEvidence(api: ReadApi, wire: Wire): Promise<Evidence> {
  const byAlert = await readActivities(api, {
    filters: activityFilters({ alert_id: wire._id }, {}),
    wanted: () => true,
  });
  if (byAlert.items.length > 0) return { found_by: 'alert_id', listing: byAlert };
  const audits = [...new Set(wire.audits)].slice(0, PAGE_SIZE);
  if (audits.length > 0) {
    const wanted = ({ _id }: WireActivity) => audits.includes(_id);
    const listing = await readActivities(api, { filters: { 'activity.id': { eq: audits } }, wanted });
    if (listing.items.length > 0) return { found_by: 'audits', listing };
  }
  const around = aroundUsers(wire);
  const listing = around && (await readActivities(api, around));
  if (listing && listing.items.length > 0) return { found_by: 'users_around', listing };
  return { found_by: whyNothing(wire, around !== undefined), listing: undefined };
}

function whyNothing({ timestamp }: Wire, isSearched: boolean): Evidence['found_by'] {
  if (isOld(toMs(timestamp) ?? Date.now())) return 'too_old';
  return isSearched ? 'nothing' : 'not_searched';
}

function readActivities(api: ReadApi, around: Around): Promise<Listing<WireActivity>> {
  return readList(api, { ...activityList, ...around, limit: PAGE_SIZE });
}

/** By Entra object id if the alert has some, else by UPN. Undefined for an alert without a time, or without either. */
function aroundUsers({ timestamp, entities }: Wire): Around | undefined {
  const time = toMs(timestamp);
  const people = entities.filter(({ type }) => type === 'account' || type === 'user');
  const names = people.flatMap(({ id, pa, em }) => [String(id), pa, em].filter((name) => name !== undefined));
  const ids = firstOf(names.filter(isGuid));
  const users = ids.length > 0 ? ids : firstOf(names.filter(isUpn));
  if (time === undefined || users.length === 0) return undefined;
  const range = { gte: time - BEFORE_MS, lte: time + AFTER_MS };
  const whose = ids.length > 0 ? { entity: { eq: ids.map(accountKey) } } : { 'user.username': { eq: users } };
  const didIt = users.map((user) => isAsked({ user }, range));
  return {
    filters: { ...whose, ...dateFilter(range) },
    wanted: (wire) => didIt.some((isHis) => isHis(wire)),
  };
}

function firstOf(names: readonly string[]): string[] {
  return [...new Set(names)].slice(0, PAGE_SIZE);
}
