import * as z from 'zod';
import { Fault, toFault } from '../../core/errors.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import type { Approved, Plan, Target } from '../../tool/plan.ts';
import { WriteOutput } from '../../tool/write_output.ts';
import { isOpen, toAlert } from '../alerts/alert.ts';
import { alertList } from '../alerts/alert_list.ts';
import { notFoundOf } from '../shared/finds.ts';
import { readList } from '../shared/paged_list.ts';
import { withRemedies } from '../shared/remedies.ts';
import { isSameId } from '../shared/wire.ts';
import { afterFailure, onRoute, readOrUndefined, refusalOf, unknownOutcome, writeOnce } from '../shared/write_once.ts';
import { Policy, toPolicy, WirePolicy } from './policy.ts';

const PolicyChange = WriteOutput(['enabled', 'disabled', 'already_enabled', 'already_disabled', 'unverified'], {
  policy: Policy.meta({ description: 'As read back' }),
});
type PolicyChange = z.output<typeof PolicyChange>;

interface PolicyRequest {
  readonly policy_id: string;
}

export function readPolicy(api: ReadApi, id: string): Promise<Policy> {
  return withRemedies(notFoundOf('policy'), () =>
    onRoute(api, 'MDCA_ROUTE_GET_POLICY', id, async (path) => {
      const wire = await api.read(path, WirePolicy);
      if (!isSameId(wire._id ?? id, id)) {
        throw new Fault('unreadable', 'The service returned another policy than was asked for.');
      }
      return toPolicy(wire, id);
    }),
  );
}

/** The common parts of the tools that enable and disable a policy; each tool adds its texts and its input. */
export function switching(enabled: boolean) {
  return {
    output: PolicyChange,
    targets: 'policy_id',
    plan: ({ policy_id }: PolicyRequest, api: ReadApi) => planSwitch(api, policy_id, enabled),
    commit: ({ targets: [policy] }: Approved<PolicyChange>, _input: object, api: WriteApi) =>
      setPolicy(api, policy, enabled),
    after: ({ policy }: PolicyChange) => ({ [policy.id]: stateOf(policy) }),
  } as const;
}

function stateOf({ enabled }: Policy): string {
  return enabled === undefined ? 'unknown' : enabled ? 'enabled' : 'disabled';
}

function statusOf({ enabled }: Policy): 'enabled' | 'disabled' | 'unverified' {
  return enabled === undefined ? 'unverified' : enabled ? 'enabled' : 'disabled';
}

async function planSwitch(api: ReadApi, id: string, enabled: boolean): Promise<Plan<PolicyChange>> {
  const policy = await readPolicy(api, id);
  const state = stateOf(policy);
  const alreadySet = policy.enabled === enabled;
  const untrusted = { name: policy.name, type: policy.policy_type };
  const facts = alreadySet ? undefined : `open alerts: ${(await countOpen(api, id)) ?? 'unknown'}`;
  return {
    phrase: `${enabled ? 'enable' : 'disable'} ${id.slice(-4)}`,
    does: enabled
      ? 'Switch 1 policy on. It then watches the whole tenant, and may act on what it finds.'
      : 'Switch 1 policy off. The tenant is then no longer watched by it.',
    targets: alreadySet ? [] : [{ id, state, facts, untrusted }],
    leftOut: alreadySet ? [{ id, why: `already ${state}` }] : [],
    current: { status: alreadySet ? (enabled ? 'already_enabled' : 'already_disabled') : statusOf(policy), policy },
  };
}

/** Counts the open alerts of a policy for the confirmation; undefined if the count is not reliable or not readable. */
function countOpen(api: ReadApi, id: string): Promise<string | undefined> {
  return readOrUndefined(async () => {
    const filters = { 'entity.policy': { eq: [id] }, alertOpen: { eq: true } };
    const listing = await readList(api, { ...alertList, filters, limit: 1 });
    const filterWorked = listing.items.every(
      (wire) => isOpen(wire) && isSameId(toAlert(wire, api.origin).policy?.id, id),
    );
    if (!filterWorked || listing.total === undefined) return undefined;
    return `${listing.totalIsFloor ? 'more than ' : ''}${listing.total}`;
  });
}

/** Sends the change once, then reads the policy back and reports the state that was read. */
async function setPolicy(api: WriteApi, { id, state }: Target, enabled: boolean): Promise<PolicyChange> {
  const route = enabled ? 'MDCA_ROUTE_ENABLE_POLICY' : 'MDCA_ROUTE_DISABLE_POLICY';
  const writeFault = await writeOnce(() => onRoute(api, route, id, (path) => api.write(path, z.unknown(), {})));
  const read = await readPolicy(api, id).catch(toFault);
  if (read instanceof Fault) {
    if (writeFault) throw unknownOutcome(writeFault, read);
    return { status: 'unverified', policy: { id }, warning: `Accepted, but reading it back failed: ${read.detail}` };
  }
  const refused = stateOf(read) === state ? refusalOf(writeFault) : undefined;
  if (refused) throw refused;
  return { status: statusOf(read), policy: read, warning: warn(read.enabled, enabled, writeFault) };
}

function warn(found: boolean | undefined, wanted: boolean, writeFault: Fault | undefined): string | undefined {
  const sentences = [
    writeFault && afterFailure(writeFault, found === wanted),
    found === undefined && 'The service does not say whether the policy is on.',
    found === !wanted && `The policy is still ${found ? 'enabled' : 'disabled'}.`,
  ].filter(Boolean);
  return sentences.length === 0 ? undefined : sentences.join(' ');
}
