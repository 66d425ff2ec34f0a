import { z } from 'zod';
import { closeAlerts, VERDICTS } from '../src/defender/close.ts';
import { ClosedAlerts, closedText } from '../src/model/closing.ts';
import { alertIds, comment } from '../src/model/input.ts';
import { defineTool } from '../src/tool.ts';

/** defender-api.md §3.1, row A3. */
const REASONS = {
  actual_severity_is_lower: 2,
  other: 4,
  confirmed_with_end_user: 5,
  triggered_by_test: 6,
} as const;

export default defineTool({
  operationId: 'MCAS_CLOSE_ALERT_BENIGN',
  title: 'Close alerts as benign',
  description:
    'Closes alerts whose activity was real but expected, such as a test or approved travel, and returns what ' +
    'became of each id. Takes them off the open list; this connector cannot reopen them.',
  effect: 'destroy',
  input: z.strictObject({
    alert_ids: alertIds,
    comment,
    reason: z
      .enum(['actual_severity_is_lower', 'other', 'confirmed_with_end_user', 'triggered_by_test'])
      .optional()
      .meta({ description: 'Why' }),
  }),
  output: ClosedAlerts,
  example: {
    alert_ids: ['68c2a4f4c41f0a9e731a0001'],
    comment: 'Travel confirmed by the user',
    reason: 'confirmed_with_end_user',
  },
  text: closedText,
  run: ({ reason, ...input }, api) =>
    closeAlerts(api, VERDICTS.benign, { ...input, reasonId: reason && REASONS[reason] }),
});
