import * as z from 'zod';
import { defineTool } from '../../../src/tool/tool.ts';

/** A call of this costs what the server adds to a call. */
export const nothing = defineTool({
  name: 'mdca_nothing',
  group: 'connector',
  title: 'Do nothing',
  description: 'Does nothing.',
  effect: 'read',
  input: z.strictObject({}),
  output: z.object({ status: z.string().meta({ description: 'What came of it.' }) }),
  example: {},
  run: async () => ({ status: 'done' }),
});
