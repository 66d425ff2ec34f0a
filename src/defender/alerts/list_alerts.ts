import type * as z from 'zod';
import type { ToolApi } from '../../tool/tool.ts';
import { withNote } from '../entities/with_note.ts';
import { answerList } from '../shared/answer_list.ts';
import { countsText, ListOutput, type ListRequest, Note } from '../shared/list_output.ts';
import { toAlert } from './alert.ts';
import { detailList } from './alert_list.ts';
import { type AlertQuery, alertFilters, isAsked } from './alert_query.ts';
import { ALERT_ROWS, toAlertRows } from './alert_rows.ts';
import { alertLines } from './alert_text.ts';

export const Alerts = ListOutput({ ...ALERT_ROWS, note: Note });
export type Alerts = z.output<typeof Alerts>;

export function alertsText(answer: Alerts): string {
  return [countsText('alerts', answer), ...alertLines(answer)].join('\n');
}

/** A list by severity has no time to go on from, so alerts that leave it move those that follow. */
const GOES_ON_BY_NUMBER = 'After closing some of these, call without cursor: it passes over as many others.';

interface Sorted {
  readonly sort: 'newest' | 'severity';
}

/** Alerts by any of the filters, the newest or the most severe first. */
export async function listAlerts(
  api: ToolApi,
  { limit, cursor, since, until, ...query }: AlertQuery & Sorted & ListRequest,
): Promise<Alerts> {
  const answer = await answerList(
    api,
    { limit, cursor, since, until },
    {
      query,
      source: (range) => ({
        ...detailList,
        filters: alertFilters(query, range),
        wanted: isAsked(query, range),
        ...(query.sort === 'severity' && { sortField: 'severity', timeOf: undefined }),
      }),
      map: (wire) => toAlert(wire, api.origin),
      toAnswer: (alerts, counts) => ({ ...toAlertRows(alerts), ...counts }),
      toText: alertsText,
    },
  );
  const note = query.sort === 'severity' && answer.has_more ? GOES_ON_BY_NUMBER : undefined;
  return withNote(api, query, { ...answer, note });
}
