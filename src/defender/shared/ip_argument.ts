import { isIP } from 'node:net';
import * as z from 'zod';

/** An IP address of either version, without a zone, which means something on one machine only. */
export const ipAddress = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'an IP address is needed, such as 192.0.2.1')
  .transform(plainAddress)
  .meta({ description: 'IP address' });

/** An IPv6 address in its usual spelling, in which others are compared with it; every other text as it is. */
export function plainAddress(text: string): string {
  if (isIP(text) !== 6) return text;
  if (/[%.]/.test(text)) return text.toLowerCase();
  return new URL(`http://[${text}]`).hostname.slice(1, -1);
}

/** @param asked as `ipAddress` returns it */
export function isSameAddress(found: string, asked: string): boolean {
  return plainAddress(found) === asked;
}
