import * as z from 'zod';
import { Policy } from '../src/defender/policies/policy.ts';
import { readPolicy } from '../src/defender/policies/switch_policy.ts';
import { policyId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_get_policy',
  operationId: 'MCAS_GET_POLICY',
  group: 'connector',
  title: 'Get a policy',
  description: 'Returns a policy: what it looks for, whether it is on, its last change.',
  effect: 'read',
  input: z.strictObject({ policy_id: policyId }),
  output: Policy,
  example: { policy_id: '<policy_id>' },
  run: (input, api) => readPolicy(api, input.policy_id),
});
