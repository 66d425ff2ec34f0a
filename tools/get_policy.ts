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
  description:
    'Returns a policy: name, description, type, whether it is on, daily alert limit, last change. ' +
    'Use it to see why an alert was raised. Changes nothing.',
  effect: 'read',
  input: z.strictObject({ policy_id: policyId }),
  output: Policy,
  example: { policy_id: '673723f0c41f0a9e732b0001' },
  run: (input, api) => readPolicy(api, input.policy_id),
});
