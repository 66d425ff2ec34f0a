import { BlockList, type IPVersion, isIP } from 'node:net';

/** Addresses in CIDR notation. */
export interface Cidr {
  readonly address: string;
  readonly family: IPVersion;
  /** Length of the prefix, bits. */
  readonly prefix: number;
}

/** IPv4 that is written as IPv6-mapped has 96 bits before it. */
const MAPPED = /^\[::ffff:([\da-f]{1,4}):([\da-f]{1,4})\]$/;

/** @returns undefined for a text that is no address with a prefix; an address alone is a range of one */
export function parseCidr(text: string): Cidr | undefined {
  const [address = '', digits, ...more] = text.trim().split('/');
  const version = isIP(address);
  // A zone, as in fe80::1%eth0, means something on one machine only.
  if (version === 0 || address.includes('%') || more.length > 0) return undefined;
  const bits = version === 4 ? 32 : 128;
  if (digits !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(digits)) return undefined;
  const prefix = digits === undefined ? bits : Number(digits);
  if (prefix > bits) return undefined;
  const mapped = version === 6 && prefix >= 96 ? toIpv4(address) : undefined;
  if (mapped !== undefined) return { address: mapped, family: 'ipv4', prefix: prefix - 96 };
  return { address, family: version === 4 ? 'ipv4' : 'ipv6', prefix };
}

/** A URL writes an address in one way, in the shortest groups, also one that ends like IPv4. */
function toIpv4(address: string): string | undefined {
  const [, high, low] = MAPPED.exec(new URL(`http://[${address}]`).hostname) ?? [];
  if (high === undefined || low === undefined) return undefined;
  const [a, b] = [Number.parseInt(high, 16), Number.parseInt(low, 16)];
  return [a >> 8, a & 255, b >> 8, b & 255].join('.');
}

/** Whether ranges hold an address; texts that are no ranges hold none. */
export function holds(ranges: readonly string[], ip: string): boolean {
  const list = new BlockList();
  for (const { address, prefix, family } of ranges.flatMap((text) => parseCidr(text) ?? [])) {
    list.addSubnet(address, prefix, family);
  }
  const version = isIP(ip);
  return version !== 0 && list.check(ip, version === 4 ? 'ipv4' : 'ipv6');
}

/** Whether a range of IPv6 holds all of IPv4, which the service stores as IPv6-mapped (docs/defender-api.md 9). */
export function holdsIpv4({ address, prefix, family }: Cidr): boolean {
  return family === 'ipv6' && holds([`${address}/${prefix}`], '::ffff:0:0');
}
