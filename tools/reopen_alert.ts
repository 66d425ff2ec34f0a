import * as z from 'zod';
import { changing } from '../src/defender/alerts/alert_change.ts';
import { reopening } from '../src/defender/alerts/alert_changes.ts';
import { alertIds } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_reopen_alert',
  group: 'manage',
  title: 'Reopen closed alerts',
  description: 'Opens closed alerts again, the undo of a close, and reads them back. Undocumented route.',
  effect: 'write',
  input: z.strictObject({ alert_ids: alertIds }),
  example: { alert_ids: ['<alert_id>'] },
  ...changing(reopening),
});
