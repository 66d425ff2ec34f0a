import * as z from 'zod';
import { Activities, activitiesOf } from '../src/defender/activities.ts';
import { activityLines } from '../src/model/activity_text.ts';
import { limit, userId } from '../src/model/input.ts';
import { listedText } from '../src/model/listed.ts';
import { defineTool } from '../src/tool.ts';

export default defineTool({
  operationId: 'MCAS_GET_ACTIVITIES',
  title: 'Get activities of a user',
  description:
    'Lists what a user did in cloud apps, newest first: time, action, place, address, device, objects. ' +
    'Use it to judge whether an alert is real. An unknown user gives an empty list. Changes nothing.',
  effect: 'read',
  input: z.strictObject({ user_id: userId, limit }),
  output: Activities,
  example: { user_id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf', limit: 20 },
  text: (answer) => [listedText('activities', answer), ...activityLines(answer.activities)].join('\n'),
  run: (input, api) => activitiesOf(api, input),
});
