import * as z from 'zod';
import { switching } from '../src/defender/policy.ts';
import { policyId } from '../src/model/input.ts';
import { defineTool } from '../src/tool.ts';

export default defineTool({
  operationId: 'MCAS_ENABLE_POLICY',
  title: 'Enable a policy',
  description:
    'Switches a policy on, reads it back and returns its state. Use it to restore detection. Changes the whole ' +
    'tenant; safe to repeat.',
  effect: 'write',
  input: z.strictObject({ policy_id: policyId }),
  example: { policy_id: '673723f0c41f0a9e732b0001' },
  ...switching(true),
});
