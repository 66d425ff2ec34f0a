import * as z from 'zod';
import { closing } from '../src/defender/alerts/close.ts';
import { VERDICTS } from '../src/defender/alerts/verdicts.ts';
import { alertIds, comment } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_close_alert_true_positive',
  operationId: 'MCAS_CLOSE_ALERT_TRUE_POSITIVE',
  group: 'connector',
  title: 'Close alerts as true positive',
  description: 'Closes alerts that were a real threat and have been dealt with; it contains nothing.',
  effect: 'destroy',
  input: z.strictObject({ alert_ids: alertIds, comment }),
  example: { alert_ids: ['<alert_id>'], comment: 'Account suspended, password reset' },
  ...closing(VERDICTS.true_positive),
});
