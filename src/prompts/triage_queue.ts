import * as z from 'zod';
import { definePrompt } from '../tool/prompt.ts';
import { VERDICT } from './verdict.ts';

export default definePrompt({
  name: 'triage_queue',
  title: 'Triage the queue',
  description: 'Sort the open alerts of the last hours, and judge the most urgent.',
  args: z.strictObject({
    hours: z
      .string()
      .regex(/^\d{1,4}$/, 'a number of hours')
      .default('24')
      .meta({ description: 'Hours back, 24 if left out' }),
  }),
  text: ({ hours }) =>
    `Triage the open alerts of the last ${hours} hours.
1. mdca_count_alerts by severity with since ${hours}h: how many.
2. mdca_list_alerts with status open, sort severity, since ${hours}h.
3. Group what belongs together: same user, address or policy. Begin with high severity and administrators.
4. mdca_get_alert for each group's first alert, and for every high one.
Give a table: alert ids, group, verdict, deciding activity ids, confidence. Stop when the evidence is thin, and say so.
${VERDICT}`,
});
