import * as z from 'zod';
import { sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import { unlessEmpty } from '../shared/compact.ts';
import { asNumber, asRecord, asText, wireList, wireNumber, wireText } from '../shared/wire.ts';

/** docs/defender-api.md 5.4: the index is `category`. */
export const CATEGORIES = ['none', 'corporate', 'administrative', 'risky', 'vpn', 'cloud_provider', 'other'] as const;
export type Category = (typeof CATEGORIES)[number];

/** The most addresses and tags of one range in an answer. */
const MOST = 20;

/** In characters, of an IPv6 address with an IPv4 address in it. */
const LONGEST_ADDRESS = 45;

/** IPv4 is sent as IPv6-mapped, so its mask is 96 more; the original is CIDR (docs/defender-api.md 9). */
function asSubnet(value: unknown): string | undefined {
  const record = asRecord<'originalString' | 'address' | 'mask'>(value);
  const original = asText(record?.originalString);
  if (original !== undefined) return original;
  const [address, mask] = [asText(record?.address), asNumber(record?.mask)];
  return address === undefined || mask === undefined ? undefined : `${address.slice(0, LONGEST_ADDRESS)}/${mask}`;
}

function asTag(value: unknown): string | undefined {
  const record = asRecord<'name' | 'id'>(value);
  return asText(record?.name) ?? asText(record?.id);
}

function asCountry(value: unknown): string | undefined {
  return asText(asRecord<'countryCode'>(value)?.countryCode);
}

/** An IP range as the service sends it (docs/defender-api.md 9); only `_id` is required. */
export const WireIpRange = z.object({
  _id: z.string().min(1),
  name: wireText,
  category: wireNumber,
  subnets: wireList(asSubnet),
  organization: wireText,
  location: z.transform(asCountry),
  tags: wireList(asTag),
});
export type WireIpRange = z.output<typeof WireIpRange>;

const text = (description: string) => z.string().optional().meta({ description });

/** An IP range as it leaves this server. */
export const IpRange = z.strictObject({
  id: z.string().meta({ description: 'Id' }),
  name: text('Name'),
  category: z.enum(CATEGORIES).optional().meta({ description: 'Category' }),
  subnets: z.array(z.string()).meta({ description: 'CIDR, 20 at most' }),
  organization: text('Network owner'),
  country: text('Country code'),
  tags: z.array(z.string()).optional().meta({ description: 'Tags' }),
});
export type IpRange = z.output<typeof IpRange>;

export function toIpRange(wire: WireIpRange): IpRange {
  return {
    id: sanitize(wire._id),
    name: sanitizeOptional(wire.name),
    category: CATEGORIES[wire.category ?? -1],
    subnets: wire.subnets.slice(0, MOST).map((subnet) => sanitize(subnet)),
    organization: sanitizeOptional(wire.organization),
    country: sanitizeOptional(wire.location),
    tags: unlessEmpty(wire.tags.slice(0, MOST).map((tag) => sanitize(tag))),
  };
}
