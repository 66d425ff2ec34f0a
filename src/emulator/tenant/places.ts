/** Where a session comes from. Addresses are from the documentation ranges only (RFC 5737, RFC 3849). */
export interface Place {
  ip: string;
  country: string;
  city: string;
  latitude: number;
  longitude: number;
  organization: string;
  /** docs/defender-api.md 5.4: 0 none, 1 corporate, 3 risky, 4 VPN. */
  category: number;
  anonymous: boolean;
}

const CITIES = {
  seattle: { country: 'US', city: 'Seattle', latitude: 47.61, longitude: -122.33 },
  dublin: { country: 'IE', city: 'Dublin', latitude: 53.35, longitude: -6.26 },
  pune: { country: 'IN', city: 'Pune', latitude: 18.52, longitude: 73.86 },
  frankfurt: { country: 'DE', city: 'Frankfurt', latitude: 50.11, longitude: 8.68 },
  lisbon: { country: 'PT', city: 'Lisbon', latitude: 38.72, longitude: -9.14 },
  singapore: { country: 'SG', city: 'Singapore', latitude: 1.35, longitude: 103.82 },
  amsterdam: { country: 'NL', city: 'Amsterdam', latitude: 52.37, longitude: 4.9 },
  saoPaulo: { country: 'BR', city: 'Sao Paulo', latitude: -23.55, longitude: -46.63 },
  johannesburg: { country: 'ZA', city: 'Johannesburg', latitude: -26.2, longitude: 28.05 },
};

export type City = keyof typeof CITIES;

function place(city: City, ip: string, organization: string, category = 0, anonymous = false): Place {
  return { ...CITIES[city], ip, organization, category, anonymous };
}

/** The company's own networks: 192.0.2.0/24. */
export const offices = {
  seattle: place('seattle', '192.0.2.10', 'Contoso', 1),
  dublin: place('dublin', '192.0.2.60', 'Contoso', 1),
  pune: place('pune', '192.0.2.110', 'Contoso', 1),
};

export type Office = keyof typeof offices;

/** The company's VPN gateway. It is one of the IP ranges, and yet it can raise an impossible travel alert. */
export const vpn = place('frankfurt', '192.0.2.200', 'Contoso VPN gateway', 4);

/** Hotels and airports: 198.51.100.128/25. Mobile roaming: 2001:db8::/32. */
export const onTheRoad: readonly Place[] = [
  place('lisbon', '198.51.100.150', 'Example Hotel Wi-Fi'),
  place('singapore', '198.51.100.160', 'Example Airport Wi-Fi'),
  place('frankfurt', '2001:db8:49::2a', 'Example Mobile Roaming'),
];

/** Hosting providers that nobody at Contoso uses: 203.0.113.0/25. */
export const hosting: readonly Place[] = [
  place('saoPaulo', '203.0.113.45', 'Sample Hosting Ltda', 3),
  place('johannesburg', '203.0.113.71', 'Sample Servers Pty', 3),
  place('amsterdam', '203.0.113.98', 'Sample Cloud BV', 3),
];

/** Anonymisers: 203.0.113.128/25. */
export const tor = place('amsterdam', '203.0.113.201', 'Example Tor Exit', 3, true);

/** The cloud in which the backup job runs: 198.51.100.192/27, which the service knows as Azure's. */
export const cloud = place('dublin', '198.51.100.200', 'Microsoft Azure', 5);

/** The address of the company's vulnerability scanners, a range of its own inside the Seattle office. */
export const scanners = place('seattle', '192.0.2.18', 'Contoso', 2);

/** An office as its people's traffic leaves it: each network has three addresses for that. */
export function exitOf(office: Place, number: number): Place {
  return { ...office, ip: office.ip.replace(/\d+$/, (last) => String(Number(last) + (Math.floor(number / 7) % 3))) };
}

/** A connection at home: 198.51.100.0/25. */
export function home(city: City, number: number): Place {
  return place(city, `198.51.100.${number}`, 'Example Broadband');
}
