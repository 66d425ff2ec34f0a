import * as z from 'zod';
import { Activities, activitiesText, readActivities } from '../src/defender/activities/read_activities.ts';
import { limit, userId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_activities',
  operationId: 'MCAS_GET_ACTIVITIES',
  group: 'connector',
  title: 'Get activities of a user',
  description:
    'Lists what a user did in cloud apps, newest first: time, action, place, address, device, objects. ' +
    'Use it to judge whether an alert is real. An unknown user gives an empty list. Changes nothing.',
  effect: 'read',
  input: z.strictObject({ user_id: userId, limit }),
  output: Activities,
  example: { user_id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf', limit: 20 },
  text: activitiesText,
  run: (input, api) => readActivities(api, input),
});
