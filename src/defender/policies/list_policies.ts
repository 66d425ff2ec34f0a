import * as z from 'zod';
import { quoteField, quoteId, sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { answerList } from '../shared/answer_list.ts';
import { countsText, ListOutput, type ListRequest } from '../shared/list_output.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { isSameName } from '../shared/user_argument.ts';
import { wireBoolean, wireText } from '../shared/wire.ts';
import { onRoute } from '../shared/write_once.ts';

/** A policy of a list as the service sends it (docs/defender-api.md 6.2). */
export const WireListedPolicy = z.object({
  _id: z.string().min(1),
  name: wireText,
  policyType: wireText,
  severity: wireText,
  enabled: wireBoolean,
});
type WireListedPolicy = z.output<typeof WireListedPolicy>;

/** A policy in a list. */
export const ListedPolicy = z.strictObject({
  id: z.string().meta({ description: 'policy_id' }),
  name: z.string().optional().meta({ description: 'Name' }),
  type: z.string().optional().meta({ description: 'Type' }),
  severity: z.string().optional().meta({ description: 'Of its alerts' }),
  enabled: z.boolean().optional().meta({ description: 'On' }),
});
export type ListedPolicy = z.output<typeof ListedPolicy>;

export function toListedPolicy(wire: WireListedPolicy): ListedPolicy {
  return {
    id: sanitize(wire._id),
    name: sanitizeOptional(wire.name),
    type: sanitizeOptional(wire.policyType)?.toLowerCase(),
    severity: sanitizeOptional(wire.severity)?.toLowerCase(),
    enabled: wire.enabled,
  };
}

const pages = pagesOf(WireListedPolicy);

export const Policies = ListOutput({ policies: z.array(ListedPolicy).meta({ description: 'Most severe first' }) });
export type Policies = z.output<typeof Policies>;

export interface PolicyQuery {
  readonly name?: string | undefined;
  /** docs/defender-api.md 6.3; in any case. */
  readonly type?: string | undefined;
  readonly enabled?: boolean | undefined;
}

/** The service filters by type only (docs/defender-api.md 6.1, P1), so name and state are looked for here. */
export async function listPolicies(
  api: ToolApi,
  { limit, cursor, ...query }: PolicyQuery & ListRequest,
): Promise<Policies> {
  const { name, type, enabled } = query;
  const wanted = (wire: WireListedPolicy) =>
    (name === undefined || (wire.name ?? '').toLowerCase().includes(name.toLowerCase())) &&
    (type === undefined || wire.policyType === undefined || isSameName(wire.policyType, type)) &&
    (enabled === undefined || wire.enabled === undefined || wire.enabled === enabled);
  const filters = type === undefined ? {} : { type: { eq: [type.toUpperCase()] } };
  const searchesAll = name !== undefined || enabled !== undefined;
  return onRoute(api, 'MDCA_ROUTE_LIST_POLICIES', undefined, (path) =>
    answerList(
      api,
      { limit, cursor },
      {
        query,
        source: () => ({ path, pages, filters, wanted, searchesAll, sortField: 'severity' }),
        map: toListedPolicy,
        toAnswer: (policies, counts) => ({ policies: [...policies], ...counts }),
        toText: policiesText,
      },
    ),
  );
}

export function policiesText(answer: Policies): string {
  return [countsText('policies', answer), ...answer.policies.map(policyLine)].join('\n');
}

function policyLine({ id, name, type, severity, enabled }: ListedPolicy): string {
  const facts = [
    [quoteId(id), name && quoteField(name)].filter(Boolean).join(' '),
    type && `type ${quoteField(type)}`,
    severity && `severity ${quoteField(severity)}`,
    enabled !== undefined && (enabled ? 'on' : 'off'),
  ];
  return facts.filter(Boolean).join('; ');
}
