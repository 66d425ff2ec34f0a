import * as z from 'zod';
import { readPolicy } from '../src/defender/policy.ts';
import { policyId } from '../src/model/input.ts';
import { Policy } from '../src/model/policy.ts';
import { defineTool } from '../src/tool.ts';

export default defineTool({
  operationId: 'MCAS_GET_POLICY',
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
