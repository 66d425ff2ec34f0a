import * as z from 'zod';
import { changing } from '../src/defender/alerts/alert_change.ts';
import { markAs } from '../src/defender/alerts/alert_changes.ts';
import { alertIds } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_mark_alert_read',
  group: 'manage',
  title: 'Mark alerts as read',
  description: 'Marks alerts as read. They stay open.',
  effect: 'write',
  input: z.strictObject({ alert_ids: alertIds }),
  example: { alert_ids: ['<alert_id>'] },
  ...changing(markAs('read')),
});
