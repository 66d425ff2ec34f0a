import * as z from 'zod';
import { tagging } from '../src/defender/apps/tag_app.ts';
import { appId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_tag_app_sanctioned',
  operationId: 'MCAS_TAG_APP_SANCTIONED',
  group: 'connector',
  title: 'Tag an app as sanctioned',
  description: 'Tags an app as sanctioned (approved), in place of unsanctioned, which lifts its block.',
  effect: 'write',
  input: z.strictObject({ app_id: appId }),
  example: { app_id: '<app_id>' },
  ...tagging('Sanctioned'),
});
