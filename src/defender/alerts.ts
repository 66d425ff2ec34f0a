import * as z from 'zod';
import type { ReadApi } from '../http/api.ts';
import { Alert, Detail, isOpen, toAlert } from '../model/alert.ts';
import { AlertDetail, toAlertDetail, WireAlertDetail } from '../model/alert_detail.ts';
import { alertLines } from '../model/alert_text.ts';
import { alertId, limit } from '../model/input.ts';
import { Listed, listedText, toListed } from '../model/listed.ts';
import { path } from '../path.ts';
import { defineOperation } from '../tool.ts';
import { alertList } from './alert_list.ts';
import { list, PAGE, pagesOf } from './list.ts';

/** The same list with what only the full view shows. */
const detailList = { ...alertList, pages: pagesOf(WireAlertDetail) };
const OPEN = { alertOpen: { eq: true } };

/** The one definition of "the open alerts", for tools, resources and the trigger alike (defender-api.md §4). */
export const openAlerts = defineOperation({
  name: 'open_alerts',
  input: z.strictObject({
    limit,
    detail: Detail.default('concise').meta({ description: 'full adds descriptions' }),
  }),
  output: Listed({ alerts: z.array(Alert).meta({ description: 'Newest first' }) }),
  text: (answer) => [listedText('open alerts', answer), ...alertLines(answer.alerts)].join('\n'),
  async run(input, api) {
    const listing = await list(api, {
      ...alertList,
      filters: OPEN,
      limit: input.limit,
      wanted: isOpen,
    });
    const alerts = listing.items.map((wire) => {
      // The filter said open, so a record that does not say is.
      const resolutionStatusValue = wire.resolutionStatusValue ?? 0;
      return toAlert({ ...wire, resolutionStatusValue }, api.origin, input.detail);
    });
    return { alerts, ...toListed(listing) };
  },
});

/** One alert in full (defender-api.md §3.1, row A2). */
export const readAlert = defineOperation({
  name: 'alert',
  input: z.strictObject({ alert_id: alertId }),
  output: AlertDetail,
  async run({ alert_id }, api) {
    return toAlertDetail(await api.read(path`/api/v1/alerts/${alert_id}/`, WireAlertDetail), api.origin);
  },
});

/** How many alerts the open list shows that a client can subscribe to. */
const SHOWN = 20;

/** What subscribers watch, in as few calls as can be: alerts that stand in the open list need none of their own. */
export const watchedAlerts = defineOperation({
  name: 'watched_alerts',
  input: z.strictObject({ open: z.boolean(), alert_ids: z.array(alertId) }),
  output: z.strictObject({ open: openAlerts.output.optional(), alerts: z.array(AlertDetail) }),
  async run({ open, alert_ids }, api) {
    if (!open) return { alerts: await readById(api, alert_ids) };
    const limit = alert_ids.length === 0 ? SHOWN : PAGE;
    const query = { ...detailList, filters: OPEN, limit };
    const listing = await list(api, { ...query, wanted: (wire) => isOpen(wire) });
    const shown = listing.items.slice(0, SHOWN);
    const hasMore = listing.hasMore || listing.items.length > SHOWN;
    const alerts = shown.map((wire) => toAlert(wire, api.origin));
    const listed = listing.items
      .filter(({ _id }) => alert_ids.includes(_id))
      .map((wire) => toAlertDetail(wire, api.origin));
    const missing = alert_ids.filter((id) => !listed.some((alert) => alert.id === id));
    return {
      open: { alerts, ...toListed({ ...listing, items: shown, hasMore }) },
      alerts: [...listed, ...(await readById(api, missing))],
    };
  },
});

/** Alerts in full, 100 a call; those that are unknown are left out. */
async function readById(api: ReadApi, ids: readonly string[]): Promise<AlertDetail[]> {
  const alerts: AlertDetail[] = [];
  for (let start = 0; start < ids.length; start += PAGE) {
    const eq = ids.slice(start, start + PAGE);
    const page = { ...detailList, filters: { id: { eq } }, limit: eq.length };
    alerts.push(...(await list(api, page)).items.map((wire) => toAlertDetail(wire, api.origin)));
  }
  return alerts;
}
