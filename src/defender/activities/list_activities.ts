import type * as z from 'zod';
import { path } from '../../core/path.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { withNote } from '../entities/with_note.ts';
import { answerList } from '../shared/answer_list.ts';
import { countsText, ListOutput, type ListRequest, Note } from '../shared/list_output.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { toTimeRange } from '../shared/time_argument.ts';
import { toMs } from '../shared/wire.ts';
import { toActivity, WireActivity } from './activity.ts';
import { type ActivityQuery, activityFilters, assertNarrow, isAsked } from './activity_query.ts';
import { ACTIVITY_ROWS, toActivityRows } from './activity_rows.ts';
import { activityLines } from './activity_text.ts';
import { missingHistory } from './history.ts';

/** Where lists of activities come from, and how they are read (docs/defender-api.md 5.1). */
export const activityList = {
  path: path`/api/v1/activities/`,
  pages: pagesOf(WireActivity),
  timeOf: ({ timestamp }: WireActivity) => toMs(timestamp),
};

export const Activities = ListOutput({ ...ACTIVITY_ROWS, note: Note });
export type Activities = z.output<typeof Activities>;

export function activitiesText(answer: Activities): string {
  return [countsText('activities, newest first', answer), ...activityLines(answer)].join('\n');
}

/** Activities, newest first. @throws Fault `invalid_input` if no condition narrows them */
export async function listActivities(
  api: ToolApi,
  { limit, cursor, since, until, ...query }: ActivityQuery & ListRequest,
): Promise<Activities> {
  assertNarrow(query);
  const note = missingHistory(query, toTimeRange({ since, until }));
  const answer = await answerList(
    api,
    { limit, cursor, since, until },
    {
      query,
      source: (range) => ({
        ...activityList,
        filters: activityFilters(query, range),
        wanted: isAsked(query, range),
      }),
      map: toActivity,
      toAnswer: (activities, counts) => ({ ...toActivityRows(activities), note, ...counts }),
      toText: activitiesText,
    },
  );
  return withNote(api, query, answer);
}
