import * as z from 'zod';
import { path } from '../../core/path.ts';
import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import { countsText, ListOutput, toCounts } from '../shared/list_output.ts';
import { pagesOf, readList } from '../shared/paged_list.ts';
import { FEWER_ITEMS, withRemedies } from '../shared/remedies.ts';
import { Activity, toActivity, WireActivity } from './activity.ts';
import { activityLines } from './activity_text.ts';

/** Office 365 with Entra, the app whose accounts carry Entra object ids (docs/defender-api.md 5.1). */
const ENTRA = { saas: 11161, inst: 0 };

const activityList = { path: path`/api/v1/activities/`, pages: pagesOf(WireActivity) };

export const Activities = ListOutput({ activities: z.array(Activity).meta({ description: 'Newest first' }) });
export type Activities = z.output<typeof Activities>;

export function activitiesText(answer: Activities): string {
  return [countsText('activities', answer), ...activityLines(answer.activities)].join('\n');
}

/** What a user did, newest first. An unknown user gives an empty list. */
export async function readActivities(
  api: ReadApi,
  query: { readonly user_id: string; readonly limit: number },
): Promise<Activities> {
  const filters = { entity: { eq: [{ id: query.user_id, ...ENTRA }] } };
  const listing = await withRemedies(FEWER_ITEMS, () =>
    readList(api, { ...activityList, filters, limit: query.limit }),
  );
  return { activities: await mapInTurns(listing.items, toActivity), ...toCounts(listing) };
}
