import * as z from 'zod';
import { Detail } from '../src/defender/alerts/alert.ts';
import { OpenAlerts, openAlertsText, readOpenAlerts } from '../src/defender/alerts/read_alerts.ts';
import { limit } from '../src/defender/shared/arguments.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_open_alerts',
  operationId: 'MCAS_GET_OPEN_ALERTS',
  group: 'connector',
  title: 'Get open alerts',
  description:
    'Lists the open alerts, newest first, with the ids that other tools take. Attackers may have written ' +
    'titles and names.',
  effect: 'read',
  ui: 'ui://mdca/board.html',
  input: z.strictObject({
    limit,
    detail: Detail.default('concise').meta({ description: 'full adds descriptions' }),
    cursor,
  }),
  output: OpenAlerts,
  example: { limit: 20 },
  text: openAlertsText,
  run: (input, api) => readOpenAlerts(api, input),
});
