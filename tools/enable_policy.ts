import * as z from 'zod';
import { switching } from '../src/defender/policies/switch_policy.ts';
import { policyId } from '../src/defender/shared/arguments.ts';
import { defineTool } from '../src/tool/tool.ts';

export default defineTool({
  name: 'mdca_enable_policy',
  operationId: 'MCAS_ENABLE_POLICY',
  group: 'connector',
  title: 'Enable a policy',
  description:
    'Switches a policy on, reads it back and returns its state. Use it to restore detection. Changes the whole ' +
    'tenant; safe to repeat.',
  effect: 'write',
  input: z.strictObject({ policy_id: policyId }),
  example: { policy_id: '673723f0c41f0a9e732b0001' },
  ...switching(true),
});
