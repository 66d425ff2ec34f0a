import * as z from 'zod';
import { path } from '../../core/path.ts';
import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import { countsText, ListOutput, toCounts } from '../shared/list_output.ts';
import { readList } from '../shared/paged_list.ts';
import { Alert, type Detail, isOpen, toAlert } from './alert.ts';
import { type AlertDetail, toAlertDetail, WireAlertDetail } from './alert_detail.ts';
import { alertList, OPEN } from './alert_list.ts';
import { alertLines } from './alert_text.ts';

export const OpenAlerts = ListOutput({ alerts: z.array(Alert).meta({ description: 'Newest first' }) });
export type OpenAlerts = z.output<typeof OpenAlerts>;

export function openAlertsText(answer: OpenAlerts): string {
  return [countsText('open alerts', answer), ...alertLines(answer.alerts)].join('\n');
}

/** Reads the open alerts, for the tool and for the resource. */
export async function readOpenAlerts(
  api: ReadApi,
  { limit, detail }: { readonly limit: number; readonly detail: Detail },
): Promise<OpenAlerts> {
  const listing = await readList(api, { ...alertList, filters: OPEN, limit, wanted: isOpen });
  const alerts = await mapInTurns(listing.items, (wire) => {
    // The filter asked for open alerts, so a record without a state counts as open.
    const resolutionStatusValue = wire.resolutionStatusValue ?? 0;
    return toAlert({ ...wire, resolutionStatusValue }, api.origin, detail);
  });
  return { alerts, ...toCounts(listing) };
}

/** One alert in full (docs/defender-api.md 4.1, A2). */
export async function readAlert(api: ReadApi, alertId: string): Promise<AlertDetail> {
  return toAlertDetail(await api.read(path`/api/v1/alerts/${alertId}/`, WireAlertDetail), api.origin);
}
