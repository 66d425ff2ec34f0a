import { parseCidr } from '../cidr.ts';
import type { Subnet } from '../records.ts';
import { objectId, TENANT } from './ids.ts';
import { cloud, offices, type Place, scanners, tor, vpn } from './places.ts';

type Tag = Subnet['tags'][number];
type Row = readonly [
  name: string,
  cidr: string,
  place: Pick<Place, 'category' | 'organization'> & Partial<Place>,
  tag?: Tag,
];

/** Built-in IP tags (docs/defender-api.md 9), and one that an admin made. */
const TOR = { id: '2dfa95cd7922d979d66fcff5', name: 'Tor' };
const AZURE = { id: '0000002a0000000000000000', name: 'Microsoft Azure' };
const VPN = { id: objectId('group', 0x101, -200 * 24 * 3600), name: 'Company VPN' };

/** What the company calls risky, wherever it is. */
const RISKY = 3;

/** The scanners' range lies inside that of the Seattle office: the narrower one tells what an address is. */
const ranges = {
  seattle: ['Contoso seattle', '192.0.2.0/27', offices.seattle],
  dublin: ['Contoso dublin', '192.0.2.32/27', offices.dublin],
  pune: ['Contoso pune', '192.0.2.96/27', offices.pune],
  vpn: ['Contoso vpn', '192.0.2.192/27', vpn, VPN],
  officesOnIpv6: ['Contoso offices, IPv6', '2001:db8:1::/48', { ...offices.seattle, category: 1 }],
  scanners: ['Contoso vulnerability scanners', '192.0.2.16/29', scanners],
  hosting: ['Hosting providers with known abuse', '203.0.113.0/25', { category: RISKY, organization: 'Several' }],
  tor: ['Tor exits', '203.0.113.128/25', tor, TOR],
  azure: ['Microsoft Azure', '198.51.100.192/27', cloud, AZURE],
} as const satisfies Record<string, Row>;

export type RangeName = keyof typeof ranges;

const rows: [string, Row][] = Object.entries(ranges);

/** The service brings this range along; its id is not made as the others are. */
const BUILT_IN: Partial<Record<string, string>> = { azure: '00000000000000000000002a' };

export function rangeId(name: RangeName): string {
  return idOf(name);
}

/** The IP ranges (docs/defender-api.md 9); `start` in ms. */
export function createSubnets(start: number): Subnet[] {
  return rows.map(([key, [name, cidr, place, tag]], index) => ({
    _id: idOf(key),
    _tid: TENANT.number,
    name,
    subnets: [parseCidr(cidr)].flatMap((parsed) => parsed ?? []),
    location: locationOf(place),
    organization: place.organization,
    tags: tag ? [{ ...tag }] : [],
    category: place.category,
    lastModified: start - (30 + index) * 24 * 60 * 60 * 1000 + 0.25,
  }));
}

function idOf(key: string): string {
  const index = rows.findIndex(([other]) => other === key);
  return BUILT_IN[key] ?? objectId('subnet', index + 1, -200 * 24 * 3600);
}

function locationOf({ city, latitude, longitude, country }: Partial<Place>): Subnet['location'] {
  if (city === undefined || latitude === undefined || longitude === undefined || country === undefined) return null;
  return { name: city, latitude, longitude, countryCode: country, countryName: country };
}
