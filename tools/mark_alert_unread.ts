import * as z from 'zod';
import { changing } from '../src/defender/alerts/alert_change.ts';
import { markAs } from '../src/defender/alerts/alert_changes.ts';
import { alertIds } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_mark_alert_unread',
  group: 'manage',
  title: 'Mark alerts as unread',
  description: 'Marks alerts as unread.',
  effect: 'write',
  input: z.strictObject({ alert_ids: alertIds }),
  example: { alert_ids: ['<alert_id>'] },
  ...changing(markAs('unread')),
});
