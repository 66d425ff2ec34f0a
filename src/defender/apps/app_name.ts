import * as z from 'zod';
import { sanitizeOptional } from '../../text/sanitize.ts';
import { wireNumber, wireText } from '../shared/wire.ts';

/** An entry of the app catalogue (docs/defender-api.md 7.1, T7). Its id is inferred, and may be absent. */
export const WireApp = z.object({ appId: wireNumber, id: wireNumber, _id: wireNumber, name: wireText });

export function toAppName(wire: z.output<typeof WireApp>): string | undefined {
  return sanitizeOptional(wire.name);
}
