import * as z from 'zod';
import { Severity, Status } from '../src/defender/alerts/alert_query.ts';
import { Alerts, alertsText, listAlerts } from '../src/defender/alerts/list_alerts.ts';
import { appId, limit, policyId } from '../src/defender/shared/arguments.ts';
import { ipAddress } from '../src/defender/shared/ip_argument.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { TIME_RANGE } from '../src/defender/shared/time_argument.ts';
import { user } from '../src/defender/shared/user_argument.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_list_alerts',
  group: 'investigate',
  title: 'List alerts',
  description: 'Lists open and closed alerts: of a user or policy, or a part of the queue.',
  effect: 'read',
  ui: 'ui://mdca/board.html',
  input: z.strictObject({
    status: Status.default('any').meta({ description: 'State' }),
    severity: z.array(Severity).min(1).max(4).optional().meta({ description: 'Any of these' }),
    user: user.optional(),
    policy_id: policyId.optional(),
    app_id: appId.optional(),
    ip: ipAddress.optional(),
    read: z.boolean().optional().meta({ description: 'Marked as read' }),
    ...TIME_RANGE,
    sort: z.enum(['newest', 'severity']).default('newest').meta({ description: 'What comes first' }),
    limit,
    cursor,
  }),
  output: Alerts,
  example: { status: 'open', severity: ['high'], since: '24h' },
  text: alertsText,
  run: (input, api) => listAlerts(api, input),
});
