import * as z from 'zod';
import { tagging } from '../src/defender/apps/tag_app.ts';
import { appId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_tag_app_unsanctioned',
  operationId: 'MCAS_TAG_APP_UNSANCTIONED',
  group: 'connector',
  title: 'Tag an app as unsanctioned',
  description: 'Tags an app as unsanctioned: linked endpoints and proxies then block it for everyone within hours.',
  effect: 'destroy',
  input: z.strictObject({ app_id: appId }),
  example: { app_id: '<app_id>' },
  ...tagging('Unsanctioned'),
});
