import * as z from 'zod';
import { definePrompt } from '../tool/prompt.ts';
import { VERDICT } from './verdict.ts';

export default definePrompt({
  name: 'shift_handover',
  title: 'Hand over a shift',
  description: 'Sum up the alerts of a shift for the next one.',
  args: z.strictObject({
    hours: z
      .string()
      .regex(/^\d{1,4}$/, 'a number of hours')
      .default('8')
      .meta({ description: 'Hours back, 8 if left out' }),
  }),
  text: ({ hours }) =>
    `Write the handover of the last ${hours} hours.
1. mdca_count_alerts by status, and by severity, with since ${hours}h.
2. mdca_list_alerts with status closed and since ${hours}h: what was decided.
3. mdca_list_alerts with status open and sort severity: what is left.
Write: numbers; decided, one line each with its verdict; open, the most urgent first, with what is known and what is
missing; users and addresses to watch. For each open one that you judge:
${VERDICT}`,
});
