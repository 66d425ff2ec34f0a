import * as z from 'zod';
import { closing } from '../src/defender/alerts/close.ts';
import { VERDICTS } from '../src/defender/alerts/verdicts.ts';
import { alertIds, comment } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_close_alert_benign',
  operationId: 'MCAS_CLOSE_ALERT_BENIGN',
  group: 'connector',
  title: 'Close alerts as benign',
  description: 'Closes alerts whose activity was real but expected, such as a test or approved travel.',
  effect: 'destroy',
  input: z.strictObject({
    alert_ids: alertIds,
    comment,
    reason: z
      .enum(['actual_severity_is_lower', 'other', 'confirmed_with_end_user', 'triggered_by_test'])
      .optional()
      .meta({ description: 'Why' }),
  }),
  example: { alert_ids: ['<alert_id>'], comment: 'Travel confirmed by the user', reason: 'confirmed_with_end_user' },
  ...closing(VERDICTS.benign),
});
