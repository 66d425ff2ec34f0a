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
  description: 'Closes alerts that the detection raised wrongly.',
  effect: 'destroy',
  input: z.strictObject({
    alert_ids: alertIds,
    comment,
    reason: z
      .enum(['not_of_interest', 'too_many_similar_alerts', 'alert_is_not_accurate', 'other'])
      .optional()
      .meta({ description: 'Why' }),
  }),
  example: { alert_ids: ['<alert_id>'], comment: 'Both addresses are our own', reason: 'alert_is_not_accurate' },
  ...closing(VERDICTS.false_positive),
});
