import * as z from 'zod';
import { toSeconds, unlessEmpty } from '../shared/compact.ts';
import { ListedApps, type NamedApp, toListedApps } from '../shared/listed_apps.ts';
import { Activity } from './activity.ts';
import { sourceOf } from './activity_source.ts';

/** Most objects of one row; a mass download names thousands. */
const MOST_OBJECTS = 20;

/** Like activities as one row: the latest, how many, and since when. */
export const ActivityRow = z.strictObject({
  id: z.string().meta({ description: 'activity_id of the latest' }),
  time: z.string().optional().meta({ format: 'date-time', description: 'UTC' }),
  description: Activity.shape.description,
  failed: z.boolean().optional().meta({ description: 'Failed' }),
  user: Activity.shape.user,
  app: z.int().optional().meta({ description: 'app_id' }),
  app_name: Activity.shape.app.meta({ description: 'If it has no id' }),
  source: z.int().optional().meta({ description: 'Its number' }),
  objects: Activity.shape.objects.optional(),
  more_objects: z.int().optional().meta({ description: 'Left out' }),
  count: z.int().optional().meta({ description: 'How many like it' }),
  since: z.string().optional().meta({ description: 'Time of the first' }),
});
export type ActivityRow = z.output<typeof ActivityRow>;

/** The members of a list of activities. */
export const ACTIVITY_ROWS = {
  user: z.string().optional().meta({ description: 'Who, if the same for all' }),
  apps: ListedApps,
  sources: z.array(z.string()).optional().meta({ description: 'Number: address, place, network, device' }),
  activities: z.array(ActivityRow).meta({ description: 'Newest first' }),
};
export interface ActivityRows {
  readonly user?: string | undefined;
  readonly apps?: string[] | undefined;
  readonly sources?: string[] | undefined;
  readonly activities: ActivityRow[];
}

/** Groups activities of the same kind, and says once what many share. @param activities newest first */
export function toActivityRows(activities: readonly Activity[]): ActivityRows {
  const sources = new Map<string, number>();
  const groups = new Map<string, Group>();
  for (const activity of activities) {
    const source = numberOf(sourceOf(activity), sources);
    const template = templateOf(activity);
    const { type, success, user, app_id } = activity;
    const app = app_id ?? activity.app;
    const key = JSON.stringify([template, type, success, user, app, source]);
    const group = groups.get(key);
    if (group) group.members.push(activity);
    else groups.set(key, { template, source, members: [activity] });
  }
  const users = new Set(activities.map(({ user }) => user));
  const [user] = users.size === 1 ? users : [];
  return {
    user,
    apps: toListedApps(appsOf(activities)),
    sources: unlessEmpty([...sources].map(([source, number]) => `S${number} ${source}`)),
    activities: [...groups.values()].map((group) => toRow(group, user)),
  };
}

export function appsOf(activities: readonly Activity[]): NamedApp[] {
  return activities.flatMap(({ app_id: id, app: name }) => (id === undefined ? [] : [{ id, name }]));
}

/** Activities that differ in time and objects only, the latest first. */
interface Group {
  readonly template: string | undefined;
  readonly source: number | undefined;
  readonly members: Activity[];
}

function numberOf(source: string, sources: Map<string, number>): number | undefined {
  if (source === '') return undefined;
  const number = sources.get(source) ?? sources.size + 1;
  sources.set(source, number);
  return number;
}

const GAP = '…';

/** What was done, without the names of its objects. */
function templateOf(activity: Activity): string | undefined {
  return activity.objects.reduce((text, object) => text?.replaceAll(object, GAP), deedOf(activity));
}

function deedOf({ description, action, type }: Activity): string | undefined {
  return description ?? action ?? type;
}

/** How many objects a row lacks. */
function leftOut(objects: readonly string[], members: readonly Activity[]): number {
  const unread = members.reduce((sum, { more_objects = 0 }) => sum + more_objects, 0);
  return unread + Math.max(0, objects.length - MOST_OBJECTS);
}

function toRow({ template, source, members }: Group, commonUser: string | undefined): ActivityRow {
  const [latest, earliest] = [members[0], members.at(-1)];
  if (!latest || !earliest) throw new RangeError('a group has no activity');
  const isSame = members.every((member) => deedOf(member) === deedOf(latest));
  const description = isSame ? deedOf(latest) : template;
  const objects = [...new Set(members.flatMap((member) => member.objects))].filter(
    (object) => !description?.includes(object),
  );
  const { id, time, user, app_id } = latest;
  return {
    id,
    time: toSeconds(time),
    description,
    failed: latest.success === false || undefined,
    user: user === commonUser ? undefined : user,
    app: app_id,
    app_name: app_id === undefined ? latest.app : undefined,
    source,
    objects: unlessEmpty(objects.slice(0, MOST_OBJECTS)),
    more_objects: leftOut(objects, members) || undefined,
    count: members.length > 1 ? members.length : undefined,
    since: members.length > 1 ? toSeconds(earliest.time) : undefined,
  };
}
