import * as z from 'zod';
import { listPolicies, Policies, policiesText } from '../src/defender/policies/list_policies.ts';
import { limit } from '../src/defender/shared/arguments.ts';
import { cursor } from '../src/defender/shared/list_cursor.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_list_policies',
  group: 'investigate',
  title: 'List policies',
  description: 'Finds policies by name, type and state. Undocumented route.',
  effect: 'read',
  input: z.strictObject({
    name: z.string().min(1).max(200).optional().meta({ description: 'Part of the name' }),
    type: z.string().max(40).optional().meta({ description: 'Such as file or audit' }),
    enabled: z.boolean().optional().meta({ description: 'On, or off' }),
    limit,
    cursor,
  }),
  output: Policies,
  example: { name: 'travel' },
  text: policiesText,
  run: (input, api) => listPolicies(api, input),
});
