import * as z from 'zod';
import { DEVICE_TYPES } from '../src/defender/activities/activity_query.ts';
import { Activities, activitiesText, listActivities } from '../src/defender/activities/list_activities.ts';
import { alertId, appId, limit } from '../src/defender/shared/arguments.ts';
import { ipAddress } from '../src/defender/shared/ip_argument.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { TIME_RANGE } from '../src/defender/shared/time_argument.ts';
import { user } from '../src/defender/shared/user_argument.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_list_activities',
  group: 'investigate',
  title: 'List activities',
  description:
    'Lists activities of an alert, user, address, app, country or device, newest first; like ones are one row. ' +
    'Goes beyond mdca_get_alert.',
  effect: 'read',
  input: z.strictObject({
    alert_id: alertId.optional().meta({ description: 'Behind this alert' }),
    user: user.optional(),
    ip: ipAddress.optional(),
    app_id: appId.optional(),
    country: z
      .string()
      .regex(/^[A-Za-z]{2}$/, 'a country is a code of two letters')
      .toUpperCase()
      .optional()
      .meta({ description: 'Code of two letters' }),
    device_type: z.enum(DEVICE_TYPES).optional().meta({ description: 'Kind of device' }),
    admin_only: z.boolean().optional().meta({ description: 'Administrative ones' }),
    ...TIME_RANGE,
    limit,
    cursor,
  }),
  output: Activities,
  example: { ip: '<IP address>', since: '24h' },
  text: activitiesText,
  run: (input, api) => listActivities(api, input),
});
