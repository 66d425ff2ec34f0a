import { isIP } from 'node:net';
import type { Subnet } from './records.ts';

/** What the service puts before the 32 bits of an IPv4 address (docs/defender-api.md 9). */
const MAPPED = 0xffffn << 32n;

/** A range in the form in which the service stores it: the first address as IPv6, and the bits that are fixed. */
type Stored = Subnet['subnets'][number];

/** Parses `192.0.2.0/24` or `2001:db8::/32`; undefined for anything else, also for an address without a prefix. */
export function parseCidr(text: string): Stored | undefined {
  const [, ip = '', prefix = ''] = /^([^/%]+)\/(\d{1,3})$/.exec(text.trim()) ?? [];
  const address = toNumber(ip);
  const bits = Number(prefix);
  if (address === undefined || bits > (isIP(ip) === 4 ? 32 : 128)) return undefined;
  const mask = isIP(ip) === 4 ? bits + 96 : bits;
  return { mask, address: toGroups((address >> free(mask)) << free(mask)), originalString: text.trim() };
}

/** Whether an IP range holds an address. */
export function rangeHolds(range: Pick<Subnet, 'subnets'>, ip: string): boolean {
  const address = toNumber(ip);
  if (address === undefined) return false;
  const isInside = ({ address: first, mask }: Stored) =>
    (toNumber(first) ?? -1n) >> free(mask) === address >> free(mask);
  return range.subnets.some(isInside);
}

const free = (mask: number): bigint => BigInt(128 - mask);

// An address as 128 bits; IPv4 is mapped into IPv6.
function toNumber(ip: string): bigint | undefined {
  const version = isIP(ip);
  if (version === 0) return undefined;
  if (version === 4) return MAPPED | ip.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  // A URL holds IPv6 in hexadecimal groups only, also where the text ends like IPv4.
  const [head = '', tail = ''] = new URL(`http://[${ip}]`).hostname.slice(1, -1).split('::');
  const left = head.split(':').filter(Boolean);
  const right = tail.split(':').filter(Boolean);
  const zeros = Array.from({ length: 8 - left.length - right.length }, () => '0');
  return [...left, ...zeros, ...right].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}

function toGroups(address: bigint): string {
  return (address.toString(16).padStart(32, '0').match(/.{4}/g) ?? []).join(':');
}
