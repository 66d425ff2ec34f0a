import * as z from 'zod';
import { tagging } from '../src/defender/apps/tag_app.ts';
import { appId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_tag_app_unsanctioned',
  operationId: 'MCAS_TAG_APP_UNSANCTIONED',
  group: 'connector',
  title: 'Tag an app as unsanctioned',
  description:
    'Tags a cloud app as unsanctioned (not allowed), reads the tag back and returns whether it holds. Linked ' +
    'endpoints and proxies then block the app for everyone within hours. Safe to repeat.',
  effect: 'destroy',
  input: z.strictObject({ app_id: appId }),
  example: { app_id: 35845 },
  ...tagging('Unsanctioned'),
});
