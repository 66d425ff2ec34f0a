import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import type { Source } from '../../tool/source.ts';
import { alertList } from '../alerts/alert_list.ts';
import { PAGE_SIZE, pagesOf, readList } from '../shared/paged_list.ts';
import { type FeedPage, type FeedQuery, NO_TIME, START, serves, timeOf } from './feed_page.ts';
import { leftOutOf } from './left_out.ts';
import { beginningOf, sinceOf } from './position.ts';
import { serviceTime } from './service_time.ts';
import { toTriggerAlert, WireTriggerAlert } from './trigger_alert.ts';

const triggerList = { ...alertList, pages: pagesOf(WireTriggerAlert) };

/** The most alerts read to start a new reader; after a larger burst it may be given some that were there before. */
const MAX_START_ALERTS = 5_000;

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
      const page = await readSince(api, first.since, count);
      for (const query of unserved) if (query === first || serves(page, query)) served.set(query, page);
      unserved = unserved.filter((query) => !served.has(query));
    }
    return served;
  },
};

/**
 * Reads alerts since a time, oldest first, in any state: an alert that was closed before this read is new all the same,
 * and a reopened alert is not new.
 */
async function readSince(api: ReadApi, since: number, count: number): Promise<FeedPage> {
  const listing = await readList(api, {
    ...triggerList,
    filters: { date: { gte: since } },
    limit: count,
    order: 'asc',
    // Full pages, so that a few unreadable records do not hide the ones after them.
    pageSize: PAGE_SIZE,
  });
  const alerts = await mapInTurns(listing.items, (wire) => toTriggerAlert(wire, api.origin));
  return {
    alerts,
    leftOut: leftOutOf(listing.items),
    complete: !listing.hasMore,
    time: serviceTime(listing.date, Date.now()),
  };
}

/** Looks twice, because one look may lack alerts that are there. */
async function readStart(api: ReadApi): Promise<FeedPage> {
  const listing = await readList(api, { ...triggerList, filters: {}, limit: PAGE_SIZE });
  const latest = await mapInTurns(listing.items, (wire) => toTriggerAlert(wire, api.origin));
  const time = serviceTime(listing.date, Date.now());
  const earliest = beginningOf(latest, time);
  const { alerts } = await readSince(api, sinceOf(earliest), MAX_START_ALERTS);
  const newest = Math.max(earliest, ...latest.map(timeOf).filter((each) => each <= time.latest));
  // An alert that is newer than all of the first look came after it.
  const old = alerts.filter((alert) => timeOf(alert) <= newest || timeOf(alert) === NO_TIME);
  const there = new Map([...latest, ...old].map((alert) => [alert.ProviderAlertId, alert]));
  return { alerts: [...there.values()], complete: true, time: { ...time, earliest } };
}
