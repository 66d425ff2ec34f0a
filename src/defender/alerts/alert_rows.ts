import * as z from 'zod';
import { sanitizeOptional } from '../../text/sanitize.ts';
import { toSeconds, unlessEmpty } from '../shared/compact.ts';
import { ListedApps, toListedApps } from '../shared/listed_apps.ts';
import { Alert, STATUSES } from './alert.ts';

/** An alert in a list: what is the same for all stands once beside the list, and what is empty is left out. */
export const AlertRow = Alert.omit({
  policy: true,
  users: true,
  apps: true,
  ips: true,
  countries: true,
  url: true,
}).extend({
  status: z
    .enum([...STATUSES, 'unknown'])
    .optional()
    .meta({ description: 'Absent: open' }),
  policy_id: z.string().optional().meta({ description: 'policy_id' }),
  policy: z.string().optional().meta({ description: 'Its name, if not the title' }),
  users: Alert.shape.users.optional(),
  apps: z.array(z.int()).optional().meta({ description: 'app_ids' }),
  ips: Alert.shape.ips.optional(),
  countries: Alert.shape.countries.optional(),
});
export type AlertRow = z.output<typeof AlertRow>;

/** The members of a list of alerts. */
export const ALERT_ROWS = {
  link: z.string().optional().meta({ description: 'Portal page of an alert' }),
  apps: ListedApps,
  alerts: z.array(AlertRow).meta({ description: 'Without status: open' }),
};
export interface AlertRows {
  readonly link?: string | undefined;
  readonly apps?: string[] | undefined;
  readonly alerts: AlertRow[];
}

export function toAlertRows(alerts: readonly Alert[]): AlertRows {
  const [first] = alerts;
  return {
    link: first && linkTemplate(first),
    apps: toListedApps(alerts.flatMap(({ apps }) => apps)),
    alerts: alerts.map(toAlertRow).map(withShortTitle),
  };
}

/** The address of an alert's portal page, with `{id}` in place of its id. */
function linkTemplate({ url, id }: Alert): string {
  return url.replace(encodeURIComponent(id), '{id}');
}

/** In characters; one alert shows the whole title. */
const LONGEST_TITLE = 160;

function withShortTitle(row: AlertRow): AlertRow {
  return { ...row, title: sanitizeOptional(row.title, LONGEST_TITLE) };
}

export function toAlertRow(alert: Alert): AlertRow {
  const { id, title, severity, status, created, policy, users, apps, ips, countries, description } = alert;
  const { more_users, more_apps, more_ips, more_countries } = alert;
  return {
    id,
    title,
    severity,
    status: status === 'open' ? undefined : (status ?? 'unknown'),
    created: toSeconds(created),
    policy_id: policy?.id,
    policy: policy?.name === title ? undefined : policy?.name,
    users: unlessEmpty(users),
    more_users,
    apps: unlessEmpty(apps.map((app) => app.id)),
    more_apps,
    ips: unlessEmpty(ips),
    more_ips,
    countries: unlessEmpty(countries),
    more_countries,
    description,
  };
}
