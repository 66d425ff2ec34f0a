import * as z from 'zod';
import { closing } from '../src/defender/alerts/close.ts';
import { VERDICTS } from '../src/defender/alerts/verdicts.ts';
import { alertIds, comment } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_resolve_alert',
  operationId: 'MCAS_RESOLVE_ALERT',
  group: 'connector',
  title: 'Resolve alerts (deprecated)',
  description: 'Deprecated: use mdca_close_alert_true_positive, to which the service maps it.',
  effect: 'destroy',
  input: z.strictObject({ alert_ids: alertIds, comment }),
  example: { alert_ids: ['<alert_id>'], comment: 'Account suspended' },
  ...closing(VERDICTS.resolved),
});
