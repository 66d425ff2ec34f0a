import * as z from 'zod';
import { sanitizeOptional } from '../../text/sanitize.ts';
import { toIso, wireBoolean, wireNumber, wireText, wireTime } from '../shared/wire.ts';

/** A policy as the service sends it (docs/defender-api.md 6.2). The connector documents five fields, but no id. */
export const WirePolicy = z
  .object({
    _id: z.unknown().optional(),
    name: wireText,
    description: wireText,
    policyType: wireText,
    enabled: wireBoolean,
    alertDailyLimit: wireNumber,
    lastModified: wireTime,
  })
  // Without this check any object would pass, even the JSON of an error page.
  .refine((policy) => policy._id !== undefined || policy.name !== undefined || policy.policyType !== undefined);
export type WirePolicy = z.output<typeof WirePolicy>;

/** A policy as it leaves this server. */
export const Policy = z.strictObject({
  id: z.string().meta({ description: 'policy_id' }),
  name: z.string().optional().meta({ description: 'Name' }),
  description: z.string().optional().meta({ description: 'Description' }),
  policy_type: z.string().optional().meta({ description: 'Such as FILE' }),
  enabled: z.boolean().optional().meta({ description: 'On' }),
  alert_daily_limit: z.number().optional().meta({ description: 'Alerts a day' }),
  last_modified: z.string().optional().meta({ format: 'date-time', description: 'UTC' }),
});
export type Policy = z.output<typeof Policy>;

/** @param id the id that was asked for; the reply need not repeat it */
export function toPolicy(wire: WirePolicy, id: string): Policy {
  return {
    id,
    name: sanitizeOptional(wire.name),
    description: sanitizeOptional(wire.description, 1000),
    policy_type: sanitizeOptional(wire.policyType),
    enabled: wire.enabled,
    alert_daily_limit: wire.alertDailyLimit,
    last_modified: toIso(wire.lastModified),
  };
}
