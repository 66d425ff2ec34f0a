import * as z from 'zod';
import { sanitizeOptional } from '../../text/sanitize.ts';
import { wireText } from '../shared/wire.ts';

/** An entry of the app catalogue (docs/defender-api.md 7.1, T7); only its name is used. */
export const WireApp = z.object({ name: wireText });

export function toAppName(wire: z.output<typeof WireApp>): string | undefined {
  return sanitizeOptional(wire.name);
}
