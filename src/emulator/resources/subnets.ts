import type { Handler } from '../handler.ts';
import { field } from '../query/filter.ts';
import { number, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { Subnet } from '../records.ts';

/** S1 of docs/defender-api.md 9: the IP ranges. Writing them is not imitated. */
export const listSubnets: Handler = (call) =>
  list(call, call.state.subnets, {
    fields: {
      category: field(number, ['eq', 'neq'], (subnet: Subnet) => [subnet.category]),
      tags: field(word, ['eq', 'neq'], (subnet) => subnet.tags.flatMap(({ id, name }) => [id, name])),
    },
    sorts: {
      name: (subnet) => subnet.name,
      category: (subnet) => subnet.category,
      tags: (subnet) => subnet.tags.map((tag) => tag.name).join(),
    },
  });
