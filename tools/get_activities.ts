import * as z from 'zod';
import { Activities, activitiesText, listActivities } from '../src/defender/activities/list_activities.ts';
import { limit } from '../src/defender/shared/arguments.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { TIME_RANGE } from '../src/defender/shared/time_argument.ts';
import { user } from '../src/defender/shared/user_argument.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_activities',
  operationId: 'MCAS_GET_ACTIVITIES',
  group: 'connector',
  title: 'Get activities of a user',
  description:
    'Lists what one user did, newest first; like activities are one row. Give since and until around an alert.',
  effect: 'read',
  input: z.strictObject({ user_id: user, ...TIME_RANGE, limit, cursor }),
  output: Activities,
  example: { user_id: '<user GUID>', since: '24h' },
  text: activitiesText,
  run: ({ user_id, ...list }, api) => listActivities(api, { user: user_id, ...list }),
});
