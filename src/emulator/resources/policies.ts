import type { Handler, HandlerCall } from '../handler.ts';
import { field } from '../query/filter.ts';
import { word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { Policy } from '../records.ts';
import { notFound, ok, type Reply } from '../reply.ts';

const SEVERITIES = ['INFORMATIONAL', 'LOW', 'MEDIUM', 'HIGH'];

/** P1 and P2 of docs/defender-api.md 6.1; `type` is the only known filter. */
export const listPolicies: Handler = (call) =>
  list(call, call.state.policies, {
    fields: { type: field(word, ['eq'], (policy: Policy) => [policy.policyType]) },
    sorts: {
      date: (policy) => policy.lastModified,
      severity: (policy) => SEVERITIES.indexOf(policy.severity),
    },
  });

/** P3 of docs/defender-api.md 6.1, and P4 if the path has a type; an empty type counts as none. */
export function fetchPolicy(call: HandlerCall): Reply {
  const policy = find(call);
  const type = call.params.type?.toUpperCase() || policy?.policyType;
  return policy && policy.policyType === type ? ok(policy) : notFound();
}

/** P6 of docs/defender-api.md 6.1. */
export const enablePolicy: Handler = (call) => setEnabled(call, true);

/** P5 of docs/defender-api.md 6.1. */
export const disablePolicy: Handler = (call) => setEnabled(call, false);

// Idempotent: a policy that already has this state keeps its `lastModified`.
function setEnabled(call: HandlerCall, enabled: boolean): Reply {
  const policy = find(call);
  if (!policy) return notFound();
  if (policy.enabled !== enabled) Object.assign(policy, { enabled, lastModified: call.now });
  return ok();
}

function find({ state, params }: HandlerCall): Policy | undefined {
  const id = params.id?.toLowerCase();
  return state.policies.find((policy) => policy._id === id);
}
