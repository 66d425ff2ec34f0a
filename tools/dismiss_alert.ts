import * as z from 'zod';
import { closing } from '../src/defender/alerts/close.ts';
import { VERDICTS } from '../src/defender/alerts/verdicts.ts';
import { alertIds, comment } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_dismiss_alert',
  operationId: 'MCAS_DISMISS_ALERT',
  group: 'connector',
  title: 'Dismiss alerts (deprecated)',
  description: 'Deprecated: use mdca_close_alert_false_positive, to which the service maps it.',
  effect: 'destroy',
  input: z.strictObject({ alert_ids: alertIds, comment }),
  example: { alert_ids: ['<alert_id>'], comment: 'Not of interest' },
  ...closing(VERDICTS.dismissed),
});
