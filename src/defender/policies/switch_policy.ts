import * as z from 'zod';
import { Fault, toFault } from '../../core/errors.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import type { Approved, Plan } from '../../tool/plan.ts';
import { WriteOutput } from '../../tool/write_output.ts';
import { isOpen, toAlert } from '../alerts/alert.ts';
import { alertList } from '../alerts/alert_list.ts';
import { readList } from '../shared/paged_list.ts';
import { onRoute, readOrUndefined, unknownOutcome, writeOnce } from '../shared/write_once.ts';
import { Policy, toPolicy, WirePolicy } from './policy.ts';

const PolicyChange = WriteOutput(['enabled', 'disabled', 'unverified'], {
  policy: Policy.meta({ description: 'As read back' }),
});
type PolicyChange = z.output<typeof PolicyChange>;

interface PolicyRequest {
  readonly policy_id: string;
}

export function readPolicy(api: ReadApi, id: string): Promise<Policy> {
  return onRoute(api, 'MDCA_ROUTE_GET_POLICY', id, async (path) => {
    const wire = await api.read(path, WirePolicy);
    if (wire._id !== undefined && wire._id.toLowerCase() !== id) {
      throw new Fault('unreadable', 'The service returned another policy than was asked for.');
    }
    return toPolicy(wire, id);
  });
}

/** What a tool is made of that switches a policy on or off, but for its words and its input. */
export function switching(enabled: boolean) {
  return {
    output: PolicyChange,
    targets: 'policy_id',
    plan: ({ policy_id }: PolicyRequest, api: ReadApi) => planSwitch(api, policy_id, enabled),
    commit: ({ targets: [policy] }: Approved<PolicyChange>, _input: object, api: WriteApi) =>
      setPolicy(api, policy.id, enabled),
    after: ({ policy }: PolicyChange) => ({ [policy.id]: codeOf(policy) }),
  } as const;
}

function codeOf({ enabled }: Policy): string {
  return enabled === undefined ? 'unknown' : enabled ? 'enabled' : 'disabled';
}

function stateOf({ enabled }: Policy): 'enabled' | 'disabled' | 'unverified' {
  return enabled === undefined ? 'unverified' : enabled ? 'enabled' : 'disabled';
}

async function planSwitch(api: ReadApi, id: string, enabled: boolean): Promise<Plan<PolicyChange>> {
  const policy = await readPolicy(api, id);
  const state = codeOf(policy);
  const isThere = policy.enabled === enabled;
  const untrusted = { name: policy.name, type: policy.policy_type };
  const facts = isThere ? undefined : `open alerts: ${(await countOpen(api, id)) ?? 'unknown'}`;
  return {
    phrase: `${enabled ? 'enable' : 'disable'} ${id.slice(-4)}`,
    does: enabled
      ? 'Switch 1 policy on. It then watches the whole tenant, and may act on what it finds.'
      : 'Switch 1 policy off. The tenant is then no longer watched by it.',
    targets: isThere ? [] : [{ id, state, facts, untrusted }],
    leftOut: isThere ? [{ id, why: `already ${state}` }] : [],
    current: { status: stateOf(policy), policy },
  };
}

/** For the person who decides; that it cannot be told must not stop them. */
function countOpen(api: ReadApi, id: string): Promise<string | undefined> {
  return readOrUndefined(async () => {
    const filters = { 'entity.policy': { eq: [id] }, alertOpen: { eq: true } };
    const listing = await readList(api, { ...alertList, filters, limit: 1 });
    const isAnswer = listing.items.every((wire) => isOpen(wire) && toAlert(wire, api.origin).policy?.id === id);
    if (!isAnswer || listing.total === undefined) return undefined;
    return `${listing.totalIsFloor ? 'more than ' : ''}${listing.total}`;
  });
}

/** Switches a policy once, then reads it back and reports the state that was read. */
async function setPolicy(api: WriteApi, id: string, enabled: boolean): Promise<PolicyChange> {
  const route = enabled ? 'MDCA_ROUTE_ENABLE_POLICY' : 'MDCA_ROUTE_DISABLE_POLICY';
  const doubt = await onRoute(api, route, id, (path) => writeOnce(() => api.write(path, z.unknown(), {})));
  try {
    const policy = await readPolicy(api, id);
    return { status: stateOf(policy), policy, warning: warn(policy.enabled, enabled, doubt) };
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
