import * as z from 'zod';
import { toFault } from '../../core/errors.ts';
import { path } from '../../core/path.ts';
import type { ReadApi, WriteApi } from '../../http/client.ts';
import { stripInvisible } from '../../text/sanitize.ts';
import type { Approved, Plan } from '../../tool/plan.ts';
import { WriteOutput } from '../../tool/write_output.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { unknownOutcome, writeOnce } from '../shared/write_once.ts';
import { type Cidr, holdsIpv4, parseCidr } from './cidr.ts';
import { CATEGORIES, IpRange, toIpRange } from './ip_range.ts';
import { ipRangeList } from './list_ip_ranges.ts';

/** Shortest prefixes: wider ranges would take whole parts of the internet for known. */
const SHORTEST = { ipv4: 8, ipv6: 19 } as const;
/** How many ranges are read to find one of the same name. */
const MOST_RANGES = 10 * PAGE_SIZE;

function isNarrow(cidr: Cidr): boolean {
  return cidr.prefix >= SHORTEST[cidr.family] && !holdsIpv4(cidr);
}

const subnet = z
  .string()
  .max(60)
  .refine((text) => parseCidr(text) !== undefined, 'a range is an address and a prefix length, such as 192.0.2.0/24')
  .refine((text) => {
    const cidr = parseCidr(text);
    return cidr === undefined || isNarrow(cidr);
  }, 'a range is at most as wide as /8, or /19 for IPv6; IPv4 in IPv6 counts as IPv4')
  .transform(toPlain);

/** As the person who confirms it reads it best: IPv4 as IPv4, and an address alone as a range of one. */
function toPlain(text: string): string {
  const cidr = parseCidr(text);
  return cidr ? `${cidr.address}/${cidr.prefix}` : text;
}

const visible = (text: string) => stripInvisible(text).trim();

const words = (longest: number) =>
  z
    .string()
    .min(1)
    .max(longest)
    .refine((text) => /^.+$/u.test(visible(text)), 'it must be one line with a visible character')
    .transform(visible);

/** A tag has no character that parts the members of a list that arrives as text. */
const tag = words(100).refine((text) => !/[",[\]]/.test(text), 'a tag has no comma, quotation mark or bracket');

/** Arguments, but for the confirmation. */
export const NEW_IP_RANGE = {
  name: words(100).meta({ description: 'A new name' }),
  category: z.enum(CATEGORIES).exclude(['none']).meta({ description: 'How its addresses count' }),
  subnets: z.array(subnet).min(1).max(100).meta({ description: 'CIDR' }),
  organization: words(200).optional().meta({ description: 'Network owner' }),
  tags: z.array(tag).max(20).optional().meta({ description: 'Names of tags' }),
};
type NewIpRange = z.output<z.ZodObject<typeof NEW_IP_RANGE>>;

export const IpRangeChange = WriteOutput(['added', 'exists', 'not_added', 'unverified'], {
  ip_range: IpRange.optional().meta({ description: 'As read back' }),
});
export type IpRangeChange = z.output<typeof IpRangeChange>;

/** Plans a new IP range; a name that is taken is left out. */
export async function planIpRange(api: ReadApi, range: NewIpRange): Promise<Plan<IpRangeChange>> {
  const { name, category, subnets, organization, tags = [] } = range;
  const existing = await findByName(api, name);
  const facts = `${category}; ${subnets.join(' ')}`;
  return {
    phrase: `add ${endOf(name) ?? category}`,
    does:
      `Add 1 IP range. Its addresses then count as ${category} for the whole tenant, which may keep alerts from ` +
      'being raised. This server cannot remove it.',
    targets: existing ? [] : [{ id: name, state: 'absent', facts, untrusted: { organization, tags: tags.join(', ') } }],
    leftOut: existing ? [{ id: name, why: 'there is a range of this name' }] : [],
    current: existing ? { status: 'exists', ip_range: existing } : { status: 'not_added' },
  };
}

/** The last letters and digits of a name, as far as a keyboard surely has them. */
function endOf(name: string): string | undefined {
  return /[\da-z]{2,4}$/i.exec(name)?.[0];
}

/** Adds an IP range once (docs/defender-api.md 9, S2), then looks for it. */
export async function addIpRange(
  api: WriteApi,
  { targets: [{ id: name }] }: Approved<IpRangeChange>,
  { category, subnets, organization, tags }: Omit<NewIpRange, 'name'>,
): Promise<IpRangeChange> {
  const body = { name, category: CATEGORIES.indexOf(category), subnets, organization, tags };
  const doubt = await writeOnce(() => api.write(path`/api/v1/subnet/create_rule/`, z.unknown(), body));
  try {
    const ip_range = await findByName(api, name);
    const failed =
      doubt && `The request failed (${doubt.code}) and was not repeated; this is what was read afterwards.`;
    const missing = ip_range ? undefined : 'No range of this name was found afterwards.';
    const warning = [failed, missing].filter(Boolean).join(' ') || undefined;
    return { status: ip_range ? 'added' : 'not_added', ip_range, warning };
  } catch (error) {
    const readFault = toFault(error);
    if (doubt) throw unknownOutcome(doubt, readFault);
    return { status: 'unverified', warning: `Accepted, but reading it back failed: ${readFault.detail}` };
  }
}

async function findByName(api: ReadApi, name: string): Promise<IpRange | undefined> {
  const listing = await readList(api, { ...ipRangeList, filters: {}, limit: MOST_RANGES, pageSize: PAGE_SIZE });
  const found = listing.items.find((wire) => wire.name === name);
  return found && toIpRange(found);
}
