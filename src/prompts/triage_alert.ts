import * as z from 'zod';
import { recentAlertIds } from '../defender/alerts/recent.ts';
import { definePrompt } from '../tool/prompt.ts';
import { VERDICT } from './verdict.ts';

export default definePrompt({
  name: 'triage_alert',
  title: 'Triage one alert',
  description: 'Judge one alert on its evidence, and propose how to close it.',
  args: z.strictObject({ alert_id: z.string().meta({ description: 'Alert id or portal link' }) }),
  text: ({ alert_id }) =>
    `Triage alert ${alert_id}.
1. mdca_get_alert with this alert_id: what happened, who, where from.
2. mdca://guides/alert-types: the page of its family says what decides it.
3. mdca_list_ip_ranges with each address that decides: is it your own?
4. If still open: mdca_get_user, and mdca_list_activities with user and since for the days before; mdca_list_alerts with
   user and since 30d for earlier ones.
${VERDICT}`,
  complete: { alert_id: recentAlertIds },
});
