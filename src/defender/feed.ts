import { z } from 'zod';
import type { Api } from '../http/api.ts';
import { Visible } from '../model/feed.ts';
import { type Position, positionAfter, sinceOf } from '../model/position.ts';
import { toTriggerAlert, WireTriggerAlert } from '../model/trigger.ts';
import { path } from '../path.ts';
import { defineOperation } from '../tool.ts';
import { list } from './list.ts';

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

async function read(api: Api, since: number, least: number): Promise<Visible> {
  const listing = await list(api, {
    path: path`/api/v1/alerts/`,
    filters: { date: { gte: since } },
    limit: least,
    record: WireTriggerAlert,
    order: 'asc',
  });
  return { alerts: listing.items.map((wire) => toTriggerAlert(wire, api.origin)), complete: !listing.hasMore };
}

/** The position of a reader who wants what comes from now on. */
export async function fromNowOn(api: Api, now: number): Promise<Position> {
  const newest = await list(api, { path: path`/api/v1/alerts/`, filters: {}, limit: 1, record: WireTriggerAlert });
  const start = positionAfter(
    newest.items.map((wire) => toTriggerAlert(wire, api.origin)),
    now,
  );
  const { alerts } = await read(api, sinceOf(start), BURST);
  return positionAfter(alerts, now);
}
