import { quoteField, quoteId } from '../../text/sanitize.ts';
import { appAliases, appsLine } from '../shared/listed_apps.ts';
import { toRef } from './activity_ref.ts';
import type { ActivityRow, ActivityRows } from './activity_rows.ts';

/** The user, apps and sources, then a line for each row of activities. */
export function activityLines(rows: ActivityRows): string[] {
  const { user, apps = [] } = rows;
  return [...(user ? [`User ${quoteField(user)}`] : []), ...appsLine(apps), ...rowLines(rows, apps)];
}

/**
 * The sources, then a line for each row, which begins with the activity's id. Of the rows of one day, only the first
 * has the day. @param apps named before, in the order of their aliases
 */
export function rowLines({ sources = [], activities }: ActivityRows, apps: readonly string[]): string[] {
  const lines = [...sources];
  let day: string | undefined;
  for (const row of activities) {
    const itsDay = row.time?.slice(0, 10);
    lines.push(lineOf(row, itsDay === day ? undefined : itsDay, apps));
    day = itsDay;
  }
  return lines;
}

/** @param newDay the row's day, unless the line before is of the same */
function lineOf(row: ActivityRow, newDay: string | undefined, apps: readonly string[]): string {
  const { description, failed, user, app, app_name, source, objects = [], more_objects, count } = row;
  const facts = [
    [nameOf(row, newDay), description && quoteField(description)].filter(Boolean).join(' '),
    failed && 'failed',
    user && `user ${quoteField(user)}`,
    [source && `S${source}`, app !== undefined && appAliases([app], apps)].filter(Boolean).join(' '),
    app_name && `app ${quoteField(app_name)}`,
    objects.length > 0 && `objects ${objects.map((object) => JSON.stringify(object)).join(', ')}`,
    more_objects && `${more_objects} more objects`,
    count && `${count}× since ${sinceText(row)}`,
  ];
  return facts.filter(Boolean).join('; ');
}

/** The id, which begins with the time; a short id has the time before it. */
function nameOf({ id, time }: ActivityRow, newDay: string | undefined): string {
  const ref = toRef(id, time);
  const isTimed = time !== undefined && ref.startsWith(time.slice(0, 19));
  if (isTimed) return newDay === undefined ? ref.slice(11) : ref;
  const at = newDay === undefined ? time?.slice(11, 16) : time?.slice(0, 16);
  return [at, quoteId(ref)].filter(Boolean).join(' ');
}

/** The time alone on the same day. */
function sinceText({ since, time }: ActivityRow): string {
  if (since === undefined) return 'an unknown time';
  return since.slice(0, 10) === time?.slice(0, 10) ? since.slice(11, 16) : since.slice(0, 16);
}
