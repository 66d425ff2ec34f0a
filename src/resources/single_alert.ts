import * as z from 'zod';
import { readAlert } from '../defender/alerts/read_alerts.ts';
import { recentAlertIds } from '../defender/alerts/recent.ts';
import { watchedAlerts } from '../defender/alerts/watched_alerts.ts';
import { alertId } from '../defender/shared/arguments.ts';
import { defineResource } from '../tool/resource.ts';

export default defineResource({
  uri: 'mdca://alerts/{alert_id}',
  name: 'alert',
  title: 'One alert in full',
  description: 'One alert by its id as JSON, with description, state, evidence codes and who closed it.',
  mimeType: 'application/json',
  params: z.strictObject({ alert_id: alertId }),
  read: ({ alert_id }, api) => readAlert(api, alert_id),
  complete: { alert_id: recentAlertIds },
  changes: { source: watchedAlerts, query: ({ alert_id }) => alert_id },
});
