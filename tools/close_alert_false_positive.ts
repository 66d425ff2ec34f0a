import { z } from 'zod';
import { closeAlerts, VERDICTS } from '../src/defender/close.ts';
import { ClosedAlerts, closedText } from '../src/model/closing.ts';
import { alertIds, comment } from '../src/model/input.ts';
import { defineTool } from '../src/tool.ts';

/** defender-api.md §3.1, row A4. */
const REASONS = {
  not_of_interest: 0,
  too_many_similar_alerts: 1,
  alert_is_not_accurate: 3,
  other: 4,
} as const;

export default defineTool({
  operationId: 'MCAS_CLOSE_ALERT_FALSE_POSITIVE',
  title: 'Close alerts as false positive',
  description:
    'Closes alerts that the detection raised wrongly, and returns what became of each id. Takes them off the open' +
    ' list; this connector cannot reopen them.',
  effect: 'destroy',
  input: z.strictObject({
    alert_ids: alertIds,
    comment,
    reason: z
      .enum(['not_of_interest', 'too_many_similar_alerts', 'alert_is_not_accurate', 'other'])
      .optional()
      .meta({ description: 'Why' }),
  }),
  output: ClosedAlerts,
  example: {
    alert_ids: ['68c2a4f4c41f0a9e731a0001'],
    comment: 'Both addresses belong to our VPN',
    reason: 'alert_is_not_accurate',
  },
  text: closedText,
  run: ({ reason, ...input }, api) =>
    closeAlerts(api, VERDICTS.false_positive, { ...input, reasonId: reason && REASONS[reason] }),
});
