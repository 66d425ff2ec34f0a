import type { ReadApi } from '../../http/client.ts';
import type { Source } from '../../tool/source.ts';
import { alertList } from '../alerts/alert_list.ts';
import { PAGE, pagesOf, readList } from '../shared/paged_list.ts';
import { type FeedPage, type FeedQuery, serves } from './feed_page.ts';
import { type Position, positionAfter, positionBefore, sinceOf } from './position.ts';
import { toTriggerAlert, WireTriggerAlert } from './trigger_alert.ts';

const triggerList = { ...alertList, pages: pagesOf(WireTriggerAlert) };

/** Enough for any ten minutes; a reader that begins in a larger burst may see some of it. */
const BURST = 5_000;

/** The alerts as they arrive, by one read for as many readers as it can serve. */
export const alertFeed: Source<FeedQuery, FeedPage> = {
  name: 'alert_feed',
  async read(queries, api) {
    const served = new Map<FeedQuery, FeedPage>();
    // As a rule one read serves all; else those who are furthest behind come first.
    let left = queries.toSorted((a, b) => a.since - b.since);
    for (let [first] = left; first; [first] = left) {
      const least = left.reduce((sum, query) => sum + query.least, 0);
      const page = await readSince(api, first.since, least);
      for (const query of left) if (query === first || serves(page, query)) served.set(query, page);
      left = left.filter((query) => !served.has(query));
    }
    return served;
  },
};

/**
 * Alerts since a time, oldest first. Of any state: an alert that somebody closes before we look was generated all the
 * same, and one that is reopened is not new.
 */
async function readSince(api: ReadApi, since: number, least: number): Promise<FeedPage> {
  const listing = await readList(api, {
    ...triggerList,
    filters: { date: { gte: since } },
    limit: least,
    order: 'asc',
    // Full pages, so that a few records that cannot be read do not hide the next.
    page: PAGE,
  });
  return { alerts: listing.items.map((wire) => toTriggerAlert(wire, api.origin)), complete: !listing.hasMore };
}

/** The position of a reader who wants what comes from now on. @param now ms since the epoch */
export async function fromNowOn(api: ReadApi, now: number): Promise<Position> {
  const page = { ...triggerList, filters: {}, limit: PAGE };
  const latest = (await readList(api, page)).items.map((wire) => toTriggerAlert(wire, api.origin));
  const start = positionBefore(latest, now);
  const { alerts } = await readSince(api, sinceOf(start), BURST);
  return positionAfter(alerts, now, start.high);
}
