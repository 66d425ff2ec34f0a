import * as z from 'zod';
import { path } from '../../core/path.ts';
import { quoteField, quoteId } from '../../text/sanitize.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { answerList } from '../shared/answer_list.ts';
import { countsText, ListOutput, type ListRequest } from '../shared/list_output.ts';
import { pagesOf } from '../shared/paged_list.ts';
import { holds } from './cidr.ts';
import { CATEGORIES, type Category, IpRange, toIpRange, WireIpRange } from './ip_range.ts';

/** Where IP ranges come from, and how they are read (docs/defender-api.md 9). */
export const ipRangeList = {
  path: path`/api/v1/subnet/`,
  pages: pagesOf(WireIpRange),
  sortField: 'name',
  order: 'asc',
} as const;

export const IpRanges = ListOutput({ ip_ranges: z.array(IpRange).meta({ description: 'By name' }) });
export type IpRanges = z.output<typeof IpRanges>;

export interface IpRangeQuery {
  readonly ip?: string | undefined;
  readonly category?: Category | undefined;
}

/** The service cannot search by address, so all ranges are read for that. */
export async function listIpRanges(
  api: ToolApi,
  { limit, cursor, ...query }: IpRangeQuery & ListRequest,
): Promise<IpRanges> {
  const { ip, category } = query;
  const wanted = (wire: WireIpRange) =>
    (ip === undefined || holds(wire.subnets, ip)) &&
    (category === undefined || (CATEGORIES[wire.category ?? -1] ?? category) === category);
  const filters = category === undefined ? {} : { category: { eq: [CATEGORIES.indexOf(category)] } };
  return answerList(
    api,
    { limit, cursor },
    {
      query,
      source: () => ({ ...ipRangeList, filters, wanted, ...(ip !== undefined && { searchesAll: true }) }),
      map: toIpRange,
      toAnswer: (ranges, counts) => ({ ip_ranges: [...ranges], ...counts }),
      toText: ipRangesText,
    },
  );
}

export function ipRangesText(answer: IpRanges): string {
  return [countsText('IP ranges', answer), ...answer.ip_ranges.map(ipRangeLine)].join('\n');
}

/** A range in one line. */
function ipRangeLine({ id, name, category, subnets, organization, country, tags = [] }: IpRange): string {
  const facts = [
    [quoteId(id), name && quoteField(name)].filter(Boolean).join(' '),
    category,
    subnets.map((subnet) => JSON.stringify(subnet)).join(' '),
    organization && `org ${quoteField(organization)}`,
    country && quoteId(country),
    tags.length > 0 && `tags ${tags.map((tag) => JSON.stringify(tag)).join(', ')}`,
  ];
  return facts.filter(Boolean).join('; ');
}
