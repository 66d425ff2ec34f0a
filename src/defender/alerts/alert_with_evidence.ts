import * as z from 'zod';
import { quoteField } from '../../text/sanitize.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { type Activity, toActivity } from '../activities/activity.ts';
import { fromRef, toRef } from '../activities/activity_ref.ts';
import { ACTIVITY_ROWS, ActivityRow, appsOf, toActivityRows } from '../activities/activity_rows.ts';
import { rowLines } from '../activities/activity_text.ts';
import { fitted } from '../shared/answer_list.ts';
import { toSeconds, unlessEmpty } from '../shared/compact.ts';
import { appsLine, ListedApps, toListedApps } from '../shared/listed_apps.ts';
import { AlertDetail, READ_STATES, toAlertDetail } from './alert_detail.ts';
import { AlertRow, toAlertRow } from './alert_rows.ts';
import { alertLine } from './alert_text.ts';
import { FOUND_BY, readEvidence } from './evidence.ts';
import { readWireAlert } from './read_alerts.ts';

/** An alert is decided on few rows; a longer list is asked for by itself. */
const MOST_TOKENS = 1_400;

const { tactics, handled_by, resolved, comment, threat_score } = AlertDetail.shape;

/** One alert and the activities behind it. */
export const AlertWithEvidence = z.strictObject({
  apps: ListedApps,
  alert: AlertRow.extend({
    read_state: z
      .enum([...READ_STATES, 'unknown'])
      .optional()
      .meta({ description: 'Absent: unread' }),
    tactics: tactics.optional().meta({ description: 'Of MITRE ATT&CK' }),
    threat_score: threat_score.meta({ description: 'Priority of the user' }),
    files: z.array(z.string()).optional().meta({ description: 'Files' }),
    devices: z.array(z.string()).optional().meta({ description: 'Devices' }),
    handled_by,
    resolved,
    comment,
  }).meta({ description: 'The alert' }),
  found_by: z.enum(FOUND_BY).meta({ description: 'How activities were found' }),
  user: ACTIVITY_ROWS.user,
  sources: ACTIVITY_ROWS.sources,
  activities: z
    .array(ActivityRow.extend({ id: z.string().meta({ description: 'activity_id; may begin with the time' }) }))
    .meta({ description: 'Newest first' }),
  returned: z.int().meta({ description: 'Activities here' }),
  total: z.int().optional().meta({ description: 'In all; absent: unknown' }),
  total_is_floor: z.boolean().optional().meta({ description: 'More than total' }),
});
export type AlertWithEvidence = z.output<typeof AlertWithEvidence>;

/** At most 4 calls. @throws Fault `not_found` */
export async function readAlertWithEvidence(api: ToolApi, alertId: string): Promise<AlertWithEvidence> {
  const wire = await readWireAlert(api, alertId);
  const { found_by, listing } = await readEvidence(api, wire);
  const detail = toAlertDetail(wire, api.origin);
  const activities = (listing?.items ?? []).map(toActivity);
  const answerOf = (returned: number): AlertWithEvidence => ({
    ...toAnswer(detail, activities.slice(0, returned)),
    found_by,
    returned,
    total: listing ? listing.total : 0,
    total_is_floor: listing?.totalIsFloor || undefined,
  });
  const most = api.answerTokens === 0 ? 0 : Math.min(api.answerTokens, MOST_TOKENS);
  return fitted(activities.length, most, answerOf, alertWithEvidenceText);
}

function toAnswer(detail: AlertDetail, evidence: readonly Activity[]) {
  const { user, sources, activities } = toActivityRows(evidence);
  return {
    apps: toListedApps([...detail.apps, ...appsOf(evidence)]),
    alert: {
      ...toAlertRow(detail),
      read_state: detail.read_state === 'unread' ? undefined : (detail.read_state ?? ('unknown' as const)),
      tactics: unlessEmpty(detail.tactics),
      threat_score: detail.threat_score,
      files: unlessEmpty(detail.files),
      devices: unlessEmpty(detail.devices),
      handled_by: detail.handled_by,
      resolved: toSeconds(detail.resolved),
      comment: detail.comment,
    },
    user,
    sources,
    activities: activities.map(withRef),
  };
}

const HOW = {
  alert_id: 'Its activities',
  audits: 'Activities that it names',
  users_around: 'Activities of its users, 2 h before to 10 min after; not tied to it',
  nothing: 'Activities: none is tied to the alert, and none of its users is known to have done anything around it',
  not_searched:
    'Activities: none is tied to the alert; those around it were not looked for, as it has no time or no user with ' +
    'an Entra id or UPN',
  too_old:
    'Activities: none came, as the service searches those older than 30 days only by UPN, ip, app_id or country, for ' +
    'at most 7 days: mdca_list_activities with since and until',
} as const;

export function alertWithEvidenceText(answer: AlertWithEvidence): string {
  const { apps = [], alert, sources, activities, found_by, user, returned } = answer;
  const of = ofAll(answer);
  const more = of && ' For all: mdca_list_activities with alert_id, or with user and since.';
  const rows = activities.map((row) => ({ ...row, time: row.time ?? timeOf(row.id) }));
  const isOfAlert = alert.users?.length === 1 && alert.users[0]?.name === user;
  const by = user && !isOfAlert ? `, by ${quoteField(user)}` : '';
  return [
    ...appsLine(apps),
    alertLine(alert, apps, { sources: sources ?? [], apps: activities.map(({ app }) => app) }),
    `${HOW[found_by]}${returned > 0 ? `: ${returned}${of}` : ''}${by}.${more}`,
    ...rowLines({ sources, activities: rows }, apps),
  ].join('\n');
}

/** How many activities there are beside those shown; empty if there are none. */
function ofAll({ returned, total, total_is_floor }: AlertWithEvidence): string {
  if (total === undefined) return ' of an unknown number';
  if (total_is_floor) return ` of more than ${total}`;
  return returned < total ? ` of ${total}` : '';
}

/** With a short id; the time is left out where the id has it. */
function withRef({ id, time, ...row }: ActivityRow): ActivityRow {
  const ref = toRef(id, time);
  return ref === id ? { id, time, ...row } : { id: ref, ...row };
}

/** The time in an id that begins with it. */
function timeOf(id: string): string | undefined {
  return fromRef(id) && `${id.slice(0, 19)}Z`;
}
