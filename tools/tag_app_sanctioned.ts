import * as z from 'zod';
import { tagging } from '../src/defender/apps/tag_app.ts';
import { appId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_tag_app_sanctioned',
  operationId: 'MCAS_TAG_APP_SANCTIONED',
  group: 'connector',
  title: 'Tag an app as sanctioned',
  description:
    'Tags a cloud app as sanctioned (approved), reads the tag back and returns whether it holds. Replaces the ' +
    'unsanctioned tag and so lifts its block. Safe to repeat.',
  effect: 'write',
  input: z.strictObject({ app_id: appId }),
  example: { app_id: 35845 },
  ...tagging('Sanctioned'),
});
