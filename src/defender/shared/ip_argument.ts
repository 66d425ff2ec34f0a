import { isIP } from 'node:net';
import * as z from 'zod';

/** An IP address of either version, without a zone, which means something on one machine only. */
export const ipAddress = z
  .string()
  .refine((text) => isIP(text) !== 0 && !text.includes('%'), 'an IP address is needed, such as 192.0.2.1')
  .meta({ description: 'IP address' });
