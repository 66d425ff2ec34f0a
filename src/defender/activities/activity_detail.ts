import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import { path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import { notFoundOf } from '../shared/finds.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { withRemedies } from '../shared/remedies.ts';
import { isSameName } from '../shared/user_argument.ts';
import { Activity, toActivity, WireActivity } from './activity.ts';
import { fromRef } from './activity_ref.ts';
import { activityList } from './list_activities.ts';
import { toRawText } from './raw_record.ts';

/** One activity in full. */
export const ActivityDetail = Activity.extend({
  raw: z.string().optional().meta({ description: "The app's own record, cut if long" }),
});
export type ActivityDetail = z.output<typeof ActivityDetail>;

/** With the app's own record (docs/defender-api.md 5.1). */
export const WireActivityDetail = WireActivity.extend({ rawDataJson: z.unknown().optional() });

export function toActivityDetail(wire: z.output<typeof WireActivityDetail>): ActivityDetail {
  const { rawDataJson } = wire;
  return { ...toActivity(wire), raw: rawDataJson === undefined ? undefined : toRawText(rawDataJson) };
}

/**
 * One activity (docs/defender-api.md 5.1, C2). @param name its id, or its reference in a line of text
 * @throws Fault `not_found`
 */
export async function readActivity(api: ReadApi, name: string): Promise<ActivityDetail> {
  const id = await withRemedies(notFoundOf('activity'), () => idOf(api, name));
  const read = () => api.read(path`/api/v1/activities/${id}/`, WireActivityDetail);
  const wire = await withRemedies(notFoundOf('activity'), read);
  if (isSameName(wire._id, id)) return toActivityDetail(wire);
  throw new Fault('unreadable', 'The service returned another activity than was asked for.');
}

async function idOf(api: ReadApi, name: string): Promise<string> {
  const ref = fromRef(name);
  if (!ref) return name;
  const filters = { date: { gte: ref.second, lte: ref.second + 999 } };
  const { items } = await readList(api, { ...activityList, filters, limit: 5 * PAGE_SIZE, pageSize: PAGE_SIZE });
  const [found, ...others] = items.filter(({ _id }) => ref.means(_id));
  if (found && others.length === 0) return found._id;
  if (found) {
    const detail = `${1 + others.length} activities of that second share this reference.`;
    throw new Fault('not_found', `${detail} The value of mdca_list_activities has whole ids.`);
  }
  throw new Fault('not_found', 'No activity of that second has this reference. Take it from a fresh list.');
}
