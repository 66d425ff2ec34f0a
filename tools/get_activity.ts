import * as z from 'zod';
import { ActivityDetail, readActivity } from '../src/defender/activities/activity_detail.ts';
import { formlessId } from '../src/defender/shared/arguments.ts';
import { FINDS } from '../src/defender/shared/finds.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_activity',
  group: 'investigate',
  title: 'Get one activity',
  description: "Returns one activity in full, with the app's raw record.",
  effect: 'read',
  input: z.strictObject({
    activity_id: formlessId(`an activity id has no blanks; ${FINDS.activity}`).meta({
      description: "Its id, or a line's reference",
    }),
  }),
  output: ActivityDetail,
  example: { activity_id: '<activity_id>' },
  run: ({ activity_id }, api) => readActivity(api, activity_id),
});
