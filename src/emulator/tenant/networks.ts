import type { Subnet } from '../records.ts';
import { objectId, TENANT } from './ids.ts';
import { offices, type Place, vpn } from './places.ts';

/** The IP ranges that an admin entered (docs/defender-api.md 9); `start` in ms. */
export function createSubnets(start: number): Subnet[] {
  const places: [string, Place][] = [...Object.entries(offices), ['vpn', vpn]];
  return places.map(([name, place], index) => ({
    _id: objectId('subnet', index + 1, -200 * 24 * 3600),
    _tid: TENANT.number,
    name: `Contoso ${name}`,
    subnets: [{ mask: 128, address: mapped(place.ip), originalString: `${place.ip}/32` }],
    location: {
      name: place.city,
      latitude: place.latitude,
      longitude: place.longitude,
      countryCode: place.country,
      countryName: place.country,
    },
    organization: place.organization,
    tags: [],
    category: place.category,
    lastModified: start - (30 + index) * 24 * 60 * 60 * 1000 + 0.25,
  }));
}

// The service stores an IPv4 address mapped to IPv6 (docs/defender-api.md 9).
function mapped(ip: string): string {
  const [a = 0, b = 0, c = 0, d = 0] = ip.split('.').map(Number);
  const word = (high: number, low: number) => (high * 256 + low).toString(16).padStart(4, '0');
  return `0000:0000:0000:0000:0000:ffff:${word(a, b)}:${word(c, d)}`;
}
