import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import type { Source } from '../../tool/source.ts';
import { alertList } from '../alerts/alert_list.ts';
import { PAGE_SIZE, pagesOf, readList } from '../shared/paged_list.ts';
import { type FeedPage, type FeedQuery, serves } from './feed_page.ts';
import { type Position, positionAfter, positionBefore, sinceOf } from './position.ts';
import { toTriggerAlert, WireTriggerAlert } from './trigger_alert.ts';

const triggerList = { ...alertList, pages: pagesOf(WireTriggerAlert) };

/** The most alerts read to start a new reader; after a larger burst it may be given some that were there before. */
const MAX_START_ALERTS = 5_000;

/** The source of new alerts; one read serves as many readers as possible. */
export const alertFeed: Source<FeedQuery, FeedPage> = {
  name: 'alert_feed',
  async read(queries, api) {
    const served = new Map<FeedQuery, FeedPage>();
    // Usually one read serves all readers. If it does not, the reader that is furthest behind comes first.
    let unserved = queries.toSorted((a, b) => a.since - b.since);
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
  return { alerts, complete: !listing.hasMore };
}

/** The position of a reader that wants only alerts from now on. @param now ms since the epoch */
export async function fromNowOn(api: ReadApi, now: number): Promise<Position> {
  const page = { ...triggerList, filters: {}, limit: PAGE_SIZE };
  const { items } = await readList(api, page);
  const latest = await mapInTurns(items, (wire) => toTriggerAlert(wire, api.origin));
  const start = positionBefore(latest, now);
  const { alerts } = await readSince(api, sinceOf(start), MAX_START_ALERTS);
  return positionAfter(alerts, now, start.high);
}
