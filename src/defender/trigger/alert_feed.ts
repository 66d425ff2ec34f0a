import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import type { Source } from '../../tool/source.ts';
import { alertList } from '../alerts/alert_list.ts';
import { type Listing, PAGE_SIZE, pagesOf, readList } from '../shared/paged_list.ts';
import { NO_TIME, timeOf } from './alert_time.ts';
import { type FeedPage, type FeedQuery, START, serves } from './feed_page.ts';
import { leftOutOf } from './left_out.ts';
import { beginningOf, sinceOf } from './position.ts';
import { serviceTime } from './service_time.ts';
import { isFeedQuery, toToldPage } from './told.ts';
import { type TriggerAlert, toTriggerAlert, WireTriggerAlert } from './trigger_alert.ts';

const triggerList = { ...alertList, pages: pagesOf(WireTriggerAlert) };

/** The most alerts read to start a new reader; after a larger burst it may be given some that were there before. */
const MAX_START_ALERTS = 5_000;

/** The most alerts of one moment that are read. */
const MAX_TIES = 100_000;

/** The source of new alerts; one read serves as many readers as possible. */
export const alertFeed: Source<FeedQuery, FeedPage> = {
  name: 'alert_feed',
  async read(queries, api) {
    const served = new Map<FeedQuery, FeedPage>();
    if (queries.includes(START)) served.set(START, await readStart(api));
    // Usually one read serves all readers. If it does not, the reader that is furthest behind comes first.
    let unserved = queries.filter((query) => query !== START).toSorted((a, b) => a.since - b.since);
    for (let [first] = unserved; first; [first] = unserved) {
      const count = unserved.reduce((sum, query) => sum + query.count, 0);
      const ties = unserved.some((query) => query.ties);
      const page = await readSince(api, first.since, count, ties);
      for (const query of unserved) if (query === first || serves(page, query)) served.set(query, page);
      unserved = unserved.filter((query) => !served.has(query));
    }
    return served;
  },
  shared: { isQuery: isFeedQuery, toPage: toToldPage },
};

/**
 * Reads alerts since a time, oldest first, in any state: an alert that was closed before this read is new all the same,
 * and a reopened alert is not new.
 */
async function readSince(api: ReadApi, since: number, count: number, ties: boolean): Promise<FeedPage> {
  const limit = ties ? PAGE_SIZE * Math.ceil((count + 1) / PAGE_SIZE) : count;
  const listing = await readOldest(api, { gte: since }, limit);
  const alerts = await toAlerts(api, listing);
  const leftOut = leftOutOf(listing.items);
  const page = { complete: !listing.hasMore, time: serviceTime(listing.date, Date.now()) };
  if (page.complete || !ties) return { alerts, leftOut, ...page };
  const last = alerts.map(timeOf).reduce((newest, time) => (time < NO_TIME ? Math.max(newest, time) : newest), since);
  const others = alerts.filter((alert) => timeOf(alert) !== last);
  if (others.length >= count) return { alerts: others, leftOut, ...page };
  // One ms more, because the service may know fractions of it.
  const equal = await readOldest(api, { gte: last, lte: last + 1 }, MAX_TIES);
  const all = union(alerts, await toAlerts(api, equal));
  return { alerts: all, leftOut: leftOutOf([...listing.items, ...equal.items]), ...page };
}

function readOldest(
  api: ReadApi,
  date: Readonly<Record<string, number>>,
  limit: number,
): Promise<Listing<WireTriggerAlert>> {
  // Full pages, so that a few unreadable records do not hide the ones after them.
  return readList(api, { ...triggerList, filters: { date }, limit, order: 'asc', pageSize: PAGE_SIZE });
}

function toAlerts(api: ReadApi, { items }: Listing<WireTriggerAlert>): Promise<TriggerAlert[]> {
  return mapInTurns(items, (wire) => toTriggerAlert(wire, api.origin));
}

/** Looks twice, because one look may lack alerts that are there. */
async function readStart(api: ReadApi): Promise<FeedPage> {
  const listing = await readList(api, { ...triggerList, filters: {}, limit: PAGE_SIZE });
  const latest = await toAlerts(api, listing);
  const time = serviceTime(listing.date, Date.now());
  const earliest = beginningOf(latest, time);
  const { alerts } = await readSince(api, sinceOf(earliest), MAX_START_ALERTS, false);
  const newest = Math.max(earliest, ...latest.map(timeOf).filter((each) => each <= time.latest));
  // An alert that is newer than all of the first look came after it.
  const old = alerts.filter((alert) => timeOf(alert) <= newest || timeOf(alert) === NO_TIME);
  return { alerts: union(latest, old), complete: true, time: { ...time, earliest } };
}

/** Each alert once. */
function union(...lists: readonly (readonly TriggerAlert[])[]): TriggerAlert[] {
  return [...new Map(lists.flat().map((alert) => [alert.ProviderAlertId, alert])).values()];
}
