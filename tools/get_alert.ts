import * as z from 'zod';
import {
  AlertWithEvidence,
  alertWithEvidenceText,
  readAlertWithEvidence,
} from '../src/defender/alerts/alert_with_evidence.ts';
import { alertId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_alert',
  group: 'investigate',
  title: 'Get one alert with its evidence',
  description:
    'Returns one alert with the activities behind it: who did what, when, where from. Start here to judge ' +
    'whether it is real.',
  effect: 'read',
  ui: 'ui://mdca/board.html',
  input: z.strictObject({ alert_id: alertId.meta({ description: 'Its id, or its portal link' }) }),
  output: AlertWithEvidence,
  example: { alert_id: '<alert_id>' },
  text: alertWithEvidenceText,
  run: ({ alert_id }, api) => readAlertWithEvidence(api, alert_id),
});
