import type * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import { path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { answerList } from '../shared/answer_list.ts';
import { notFoundOf } from '../shared/finds.ts';
import { countsText, ListOutput, type ListRequest } from '../shared/list_output.ts';
import { withRemedies } from '../shared/remedies.ts';
import { type Detail, isOpen, toAlert, type WireAlert } from './alert.ts';
import { type AlertDetail, toAlertDetail, WireAlertDetail } from './alert_detail.ts';
import { alertList, OPEN } from './alert_list.ts';
import { ALERT_ROWS, toAlertRows } from './alert_rows.ts';
import { alertLines } from './alert_text.ts';

export const OpenAlerts = ListOutput(ALERT_ROWS);
export type OpenAlerts = z.output<typeof OpenAlerts>;

export function openAlertsText(answer: OpenAlerts): string {
  return [countsText('open alerts, newest first', answer), ...alertLines(answer)].join('\n');
}

interface OpenQuery extends ListRequest {
  readonly detail: Detail;
}

/** Reads the open alerts, for the tool and for the resource. */
export async function readOpenAlerts(api: ToolApi, { detail, ...list }: OpenQuery): Promise<OpenAlerts> {
  return answerList(api, list, {
    query: { detail },
    source: () => ({ ...alertList, filters: OPEN, wanted: isOpen }),
    map: (wire) => toAlert(asOpen(wire), api.origin, detail),
    toAnswer: (alerts, counts) => ({ ...toAlertRows(alerts), ...counts }),
    toText: openAlertsText,
  });
}

/** The filter asked for open alerts, so a record without a state counts as open. */
function asOpen(wire: WireAlert): WireAlert {
  return { ...wire, resolutionStatusValue: wire.resolutionStatusValue ?? 0 };
}

/** One alert in full (docs/defender-api.md 4.1, A2). @param alertId in lower case @throws Fault */
export async function readAlert(api: ReadApi, alertId: string): Promise<AlertDetail> {
  return toAlertDetail(await readWireAlert(api, alertId), api.origin);
}

/** The record of one alert. @param alertId in lower case @throws Fault, also if the service returns another alert */
export async function readWireAlert(api: ReadApi, alertId: string): Promise<WireAlertDetail> {
  const read = () => api.read(path`/api/v1/alerts/${alertId}/`, WireAlertDetail);
  const wire = await withRemedies(notFoundOf('alert'), read);
  if (wire._id === alertId) return wire;
  throw new Fault('unreadable', 'The service returned another alert than was asked for.');
}
