import { parseCidr } from '../cidr.ts';
import type { Handler, HandlerCall } from '../handler.ts';
import { isRecord } from '../json.ts';
import { field, toList } from '../query/filter.ts';
import { flag, number, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { Subnet } from '../records.ts';
import { notValid, ok, type Reply } from '../reply.ts';
import { objectId, TENANT } from '../tenant/ids.ts';

/** The most that `category` may be (docs/defender-api.md 5.4). */
const LAST_CATEGORY = 6;

/** Ids of ranges that the service brings along begin so; inferred from the ids of its tags (docs/defender-api.md 9). */
const BUILT_IN = '00000000';

/** S1 of docs/defender-api.md 9: the IP ranges. */
export const listSubnets: Handler = (call) =>
  list(call, call.state.subnets, {
    fields: {
      category: field(number, ['eq', 'neq'], (subnet: Subnet) => [subnet.category]),
      tags: field(word, ['eq', 'neq'], (subnet) => subnet.tags.flatMap(({ id, name }) => [id, name])),
      builtIn: field(flag, ['eq'], (subnet) => [subnet._id.startsWith(BUILT_IN)]),
    },
    sorts: {
      name: (subnet) => subnet.name,
      category: (subnet) => subnet.category,
      tags: (subnet) => subnet.tags.map((tag) => tag.name).join(),
    },
  });

/** S2 of docs/defender-api.md 9: adds an IP range, and answers its id as a bare JSON string. */
export function createSubnet({ state, input, now }: HandlerCall): Reply {
  const { name, category, organization, tags } = input;
  const given = toList(input.subnets ?? []);
  const subnets = given.flatMap((text) => (typeof text === 'string' ? (parseCidr(text) ?? []) : []));
  const isTaken = state.subnets.some((subnet) => subnet.name === name);
  if (typeof name !== 'string' || name === '' || isTaken) return notValid([String(name)]);
  if (!isCategory(category)) return notValid([String(category)]);
  if (given.length === 0 || subnets.length < given.length) return notValid(['subnets']);
  const _id = objectId('subnet', state.subnets.length + 1, Math.floor(now / 1000) % 1_000_000);
  state.subnets.push({
    _id,
    _tid: TENANT.number,
    name,
    subnets,
    location: null,
    organization: typeof organization === 'string' ? organization : null,
    tags: toList(tags ?? []).map(toTag),
    category,
    lastModified: now,
  });
  return ok(_id);
}

function isCategory(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= LAST_CATEGORY;
}

// A tag may be named by its id, its name, or an object with both.
function toTag(tag: unknown): Subnet['tags'][number] {
  const { id, name } = isRecord(tag) ? tag : { id: tag, name: tag };
  return { id: String(id), name: String(name) };
}
