import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import { path } from '../../core/path.ts';
import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import { countsText, ListOutput, toCounts } from '../shared/list_output.ts';
import { readList } from '../shared/paged_list.ts';
import { FEWER_ITEMS, withRemedies } from '../shared/remedies.ts';
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
  const query = { ...alertList, filters: OPEN, limit, wanted: isOpen };
  const listing = await withRemedies(FEWER_ITEMS, () => readList(api, query));
  const alerts = await mapInTurns(listing.items, (wire) => {
    // The filter asked for open alerts, so a record without a state counts as open.
    const resolutionStatusValue = wire.resolutionStatusValue ?? 0;
    return toAlert({ ...wire, resolutionStatusValue }, api.origin, detail);
  });
  return { alerts, ...toCounts(listing) };
}

/** One alert in full (docs/defender-api.md 4.1, A2). @param alertId in lower case @throws Fault */
export async function readAlert(api: ReadApi, alertId: string): Promise<AlertDetail> {
  const wire = await api.read(path`/api/v1/alerts/${alertId}/`, WireAlertDetail);
  if (wire._id !== alertId) throw new Fault('unreadable', 'The service returned another alert than was asked for.');
  return toAlertDetail(wire, api.origin);
}
