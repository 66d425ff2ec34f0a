import * as z from 'zod';
import { switching } from '../src/defender/policies/switch_policy.ts';
import { policyId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_disable_policy',
  operationId: 'MCAS_DISABLE_POLICY',
  group: 'connector',
  title: 'Disable a policy',
  description: 'Switches a policy off: the tenant is then no longer watched by it.',
  effect: 'destroy',
  input: z.strictObject({ policy_id: policyId }),
  example: { policy_id: '<policy_id>' },
  ...switching(false),
});
