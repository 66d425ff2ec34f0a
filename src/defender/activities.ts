import * as z from 'zod';
import type { ReadApi } from '../http/api.ts';
import { Activity, toActivity, WireActivity } from '../model/activity.ts';
import { Listed, toListed } from '../model/listed.ts';
import { path } from '../path.ts';
import { list, pagesOf } from './list.ts';

/** Office 365 with Entra, the app whose accounts carry Entra object ids (defender-api.md §4, parameter details). */
const ENTRA = { saas: 11161, inst: 0 };

const activityList = { path: path`/api/v1/activities/`, pages: pagesOf(WireActivity) };

export const Activities = Listed({ activities: z.array(Activity).meta({ description: 'Newest first' }) });
export type Activities = z.output<typeof Activities>;

export async function activitiesOf(api: ReadApi, query: { user_id: string; limit: number }): Promise<Activities> {
  const listing = await list(api, {
    ...activityList,
    filters: { entity: { eq: [{ id: query.user_id, ...ENTRA }] } },
    limit: query.limit,
  });
  return { activities: listing.items.map(toActivity), ...toListed(listing) };
}
