import { Arrived, WaitInput, waitForAlerts } from '../src/defender/wait.ts';
import { arrivedText } from '../src/model/trigger_text.ts';
import { defineTool } from '../src/tool.ts';

export default defineTool({
  name: 'mdca_wait_for_alerts',
  group: 'investigate',
  operationId: 'MCAS_ON_ALERT_GENERATED',
  title: 'Wait for new alerts',
  description:
    "Waits until an alert is generated and returns it in the form of the connector's trigger, with a cursor for the " +
    'next call; each alert is returned once to a reader that passes its cursor on. Use it to react to alerts as they ' +
    'arrive. Changes nothing.',
  effect: 'read',
  input: WaitInput,
  output: Arrived,
  example: { wait_seconds: 0 },
  text: arrivedText,
  run: (input, api) => waitForAlerts(api, input),
});
