import * as z from 'zod';
import { tagging } from '../src/defender/tag.ts';
import { appId } from '../src/model/input.ts';
import { defineTool } from '../src/tool.ts';

export default defineTool({
  operationId: 'MCAS_TAG_APP_SANCTIONED',
  title: 'Tag an app as sanctioned',
  description:
    'Tags a cloud app as sanctioned (approved), reads the tag back and returns whether it holds. Replaces the ' +
    'unsanctioned tag and so lifts its block. Safe to repeat.',
  effect: 'write',
  input: z.strictObject({ app_id: appId }),
  example: { app_id: 35845 },
  ...tagging('Sanctioned'),
});
