import * as z from 'zod';
import { closing } from '../src/defender/alerts/close.ts';
import { VERDICTS } from '../src/defender/alerts/verdicts.ts';
import { alertIds, comment } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_close_alert_false_positive',
  operationId: 'MCAS_CLOSE_ALERT_FALSE_POSITIVE',
  group: 'connector',
  title: 'Close alerts as false positive',
  description:
    'Closes alerts that the detection raised wrongly, and returns what became of each id. Takes them off the open' +
    ' list; this connector cannot reopen them.',
  effect: 'destroy',
  input: z.strictObject({
    alert_ids: alertIds,
    comment,
    reason: z
      .enum(['not_of_interest', 'too_many_similar_alerts', 'alert_is_not_accurate', 'other'])
      .optional()
      .meta({ description: 'Why' }),
  }),
  example: {
    alert_ids: ['68c2a4f4c41f0a9e731a0001'],
    comment: 'Both addresses belong to our VPN',
    reason: 'alert_is_not_accurate',
  },
  ...closing(VERDICTS.false_positive),
});
