import { z } from 'zod';
import { Fault, toFault } from '../errors.ts';
import type { Api } from '../http/api.ts';
import { Policy, toPolicy, WirePolicy } from '../model/policy.ts';
import { onRoute, unknownOutcome, writeOnce } from './write.ts';

export const PolicyChange = z.strictObject({
  status: z.enum(['enabled', 'disabled', 'unverified']).meta({ description: 'State read back' }),
  policy: Policy.meta({ description: 'As read back' }),
  warning: z.string().optional().meta({ description: 'If not as asked' }),
});
export type PolicyChange = z.output<typeof PolicyChange>;

export function readPolicy(api: Api, id: string): Promise<Policy> {
  return onRoute(api, 'MDCA_ROUTE_GET_POLICY', id, async (path) => {
    const wire = await api.read(path, WirePolicy);
    if (wire._id !== undefined && wire._id.toLowerCase() !== id) {
      throw new Fault('unreadable', 'The service returned another policy than was asked for.');
    }
    return toPolicy(wire, id);
  });
}

/** Switches a policy once, then reads it back and reports the state that was read. */
export async function setPolicy(api: Api, id: string, enabled: boolean): Promise<PolicyChange> {
  const route = enabled ? 'MDCA_ROUTE_ENABLE_POLICY' : 'MDCA_ROUTE_DISABLE_POLICY';
  const doubt = await onRoute(api, route, id, (path) => writeOnce(() => api.write(path, z.unknown(), {})));
  try {
    const policy = await readPolicy(api, id);
    const status = policy.enabled === undefined ? 'unverified' : policy.enabled ? 'enabled' : 'disabled';
    return { status, policy, warning: warn(policy.enabled, enabled, doubt) };
  } catch (error) {
    const reading = toFault(error);
    if (doubt) throw unknownOutcome(doubt, reading);
    return { status: 'unverified', policy: { id }, warning: `Accepted, but reading it back failed: ${reading.detail}` };
  }
}

function warn(found: boolean | undefined, wanted: boolean, doubt: Fault | undefined): string | undefined {
  const sentences = [
    doubt && `The request failed (${doubt.code}) and was not repeated; this is the state read afterwards.`,
    found === undefined && 'The service does not say whether the policy is on.',
    found === !wanted && `The policy is still ${found ? 'enabled' : 'disabled'}.`,
  ].filter(Boolean);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
