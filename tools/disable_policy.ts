import * as z from 'zod';
import { switching } from '../src/defender/policies/switch_policy.ts';
import { policyId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_disable_policy',
  operationId: 'MCAS_DISABLE_POLICY',
  group: 'connector',
  title: 'Disable a policy',
  description:
    'Switches a policy off, reads it back and returns its state. Use it to stop a policy that only makes noise: the ' +
    'tenant is then no longer watched by it. Safe to repeat.',
  effect: 'destroy',
  input: z.strictObject({ policy_id: policyId }),
  example: { policy_id: '673723f0c41f0a9e732b0001' },
  ...switching(false),
});
