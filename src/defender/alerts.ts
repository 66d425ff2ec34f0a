import { z } from 'zod';
import { Alert, Detail, isOpen, toAlert, WireAlert } from '../model/alert.ts';
import { AlertDetail, toAlertDetail, WireAlertDetail } from '../model/alert_detail.ts';
import { alertLines } from '../model/alert_text.ts';
import { alertId, limit } from '../model/input.ts';
import { Listed, listedText, toListed } from '../model/listed.ts';
import { path } from '../path.ts';
import { defineOperation } from '../tool.ts';
import { list, PAGE } from './list.ts';

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
      path: path`/api/v1/alerts/`,
      filters: { alertOpen: { eq: true } },
      limit: input.limit,
      record: WireAlert,
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

/** Several alerts in full, by one call for each hundred; those that are unknown are left out. */
export const readAlerts = defineOperation({
  name: 'alerts',
  input: z.strictObject({ alert_ids: z.array(alertId) }),
  output: z.strictObject({ alerts: z.array(AlertDetail) }),
  async run({ alert_ids }, api) {
    const alerts: AlertDetail[] = [];
    for (let start = 0; start < alert_ids.length; start += PAGE) {
      const eq = alert_ids.slice(start, start + PAGE);
      const filters = { id: { eq } };
      const page = { path: path`/api/v1/alerts/`, filters, limit: eq.length, record: WireAlertDetail };
      alerts.push(...(await list(api, page)).items.map((wire) => toAlertDetail(wire, api.origin)));
    }
    return { alerts };
  },
});
