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
  description:
    'Closes alerts that were a real threat and have been dealt with, and returns what became of each id. Takes ' +
    'them off the open list; this connector cannot reopen them, and it contains nothing.',
  effect: 'destroy',
  input: z.strictObject({ alert_ids: alertIds, comment }),
  example: { alert_ids: ['68c2a4f4c41f0a9e731a0001'], comment: 'Account reset, mailbox rule removed' },
  ...closing(VERDICTS.true_positive),
});
