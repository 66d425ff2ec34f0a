import * as z from 'zod';
import { alertFeed } from '../src/defender/trigger/alert_feed.ts';
import { MAX_CURSOR } from '../src/defender/trigger/cursor.ts';
import { SEVERITY_ORDER } from '../src/defender/trigger/trigger_alert.ts';
import { arrivedText } from '../src/defender/trigger/trigger_text.ts';
import { Arrived, waitForAlerts } from '../src/defender/trigger/wait.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_wait_for_alerts',
  operationId: 'MCAS_ON_ALERT_GENERATED',
  group: 'investigate',
  title: 'Wait for new alerts',
  description:
    "Waits for new alerts and returns them in the form of the connector's trigger, each once to a reader that " +
    'passes the cursor on.',
  effect: 'read',
  input: z.strictObject({
    cursor: z.string().max(MAX_CURSOR).optional().meta({ description: 'From the last answer; absent: from now on' }),
    min_severity: z.enum(SEVERITY_ORDER).optional().meta({ description: 'Least severity' }),
    limit: z.int().min(1).max(100).default(20).meta({ description: 'Most alerts to return' }),
    wait_seconds: z.int().min(0).max(45).default(20).meta({ description: 'Longest wait when there is nothing new' }),
  }),
  output: Arrived,
  example: { wait_seconds: 0 },
  text: arrivedText,
  source: alertFeed,
  wait: (input, api, poll) => waitForAlerts(api, input, poll),
});
