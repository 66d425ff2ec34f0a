import * as z from 'zod';
import { switching } from '../src/defender/policies/switch_policy.ts';
import { policyId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_enable_policy',
  operationId: 'MCAS_ENABLE_POLICY',
  group: 'connector',
  title: 'Enable a policy',
  description: 'Switches a policy on, for the whole tenant.',
  effect: 'write',
  input: z.strictObject({ policy_id: policyId }),
  example: { policy_id: '<policy_id>' },
  ...switching(true),
});
