import * as z from 'zod';
import type { ReadApi } from '../http/api.ts';
import { Visible } from '../model/feed.ts';
import { type Position, positionAfter, positionBefore, sinceOf } from '../model/position.ts';
import { toTriggerAlert, WireTriggerAlert } from '../model/trigger.ts';
import { defineOperation } from '../tool.ts';
import { alertList } from './alert_list.ts';
import { list, PAGE, pagesOf } from './list.ts';

const triggerList = { ...alertList, pages: pagesOf(WireTriggerAlert) };

/** Enough for any ten minutes; a reader that begins in a larger burst may see some of it. */
const BURST = 5_000;

/**
 * Alerts since a time, oldest first. Of any state: an alert that somebody closes before we look was generated all the
 * same, and one that is reopened is not new.
 */
export const alertFeed = defineOperation({
  name: 'alert_feed',
  input: z.strictObject({ since: z.int(), least: z.int() }),
  output: Visible,
  run: ({ since, least }, api) => read(api, since, least),
});

async function read(api: ReadApi, since: number, least: number): Promise<Visible> {
  const listing = await list(api, {
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
  const latest = (await list(api, page)).items.map((wire) => toTriggerAlert(wire, api.origin));
  const start = positionBefore(latest, now);
  const { alerts } = await read(api, sinceOf(start), BURST);
  return positionAfter(alerts, now, start.high);
}
