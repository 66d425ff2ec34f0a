import * as z from 'zod';
import { AlertCounts, alertCountsText, COUNTED_BY, countAlerts } from '../src/defender/alerts/count_alerts.ts';
import { TIME_RANGE } from '../src/defender/shared/time_argument.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_count_alerts',
  group: 'investigate',
  title: 'Count alerts',
  description:
    'Counts alerts by severity, state or policy without listing them: the size of the queue, noisy policies.',
  effect: 'read',
  input: z.strictObject({
    by: z.enum(COUNTED_BY).default('severity').meta({ description: 'What to count by' }),
    ...TIME_RANGE,
  }),
  output: AlertCounts,
  example: { by: 'severity', since: '7d' },
  text: alertCountsText,
  run: (input, api) => countAlerts(api, input),
});
