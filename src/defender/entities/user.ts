import * as z from 'zod';
import { sanitizeOptional } from '../../text/sanitize.ts';
import { toSeconds } from '../shared/compact.ts';
import {
  asNumber,
  asRecord,
  asText,
  toIso,
  wireBoolean,
  wireList,
  wireNumber,
  wireText,
  wireTime,
} from '../shared/wire.ts';

/** docs/defender-api.md 8.2: the index is `status`. */
export const USER_STATUSES = ['none', 'staged', 'active', 'suspended', 'deleted'] as const;
const STATES = [...USER_STATUSES, 'unknown'] as const;

/** `type` of a person; an account of a person in one app has 1 (docs/defender-api.md 8.2). */
export const USER_TYPE = 2;

function asApp(value: unknown) {
  const record = asRecord<'appId' | 'name'>(value);
  return record && { id: asNumber(record.appId), name: asText(record.name) };
}

function asName(value: unknown): string | undefined {
  return asText(asRecord<'name'>(value)?.name);
}

/** An entity as the service sends it (docs/defender-api.md 8.2); only `_id` is required. */
export const WireUser = z.object({
  _id: z.string().min(1),
  id: wireText,
  type: wireNumber,
  status: wireNumber,
  displayName: wireText,
  email: wireText,
  role: wireText,
  organization: wireText,
  domain: wireText,
  isAdmin: wireBoolean,
  isExternal: wireBoolean,
  lastSeen: wireTime,
  threatScore: wireNumber,
  userGroups: wireList(asName),
  appData: z.transform(asApp),
  subApps: wireList(asApp),
});
export type WireUser = z.output<typeof WireUser>;

const text = (description: string) => z.string().optional().meta({ description });
const flag = (description: string) => z.boolean().optional().meta({ description });

/** A user in a list. */
export const User = z.strictObject({
  id: text('Entra object id'),
  name: text('Display name'),
  email: text('UPN or mail address'),
  status: z.enum(STATES).optional().meta({ description: 'Absent: active' }),
  admin: flag('Administrator'),
  external: flag('Outside the organization'),
  role: text('Role'),
  domain: text('Domain, if not that of email'),
  last_seen: text('Last activity, UTC'),
  threat_score: z.number().optional().meta({ description: 'Investigation priority' }),
});
export type User = z.output<typeof User>;

/** What is false, empty or usual is left out. */
export function toUser(wire: WireUser): User {
  const email = sanitizeOptional(wire.email);
  const domain = sanitizeOptional(wire.domain);
  const status = USER_STATUSES[wire.status ?? -1] ?? 'unknown';
  return {
    id: sanitizeOptional(wire.id),
    name: sanitizeOptional(wire.displayName),
    email,
    status: status === 'active' ? undefined : status,
    admin: wire.isAdmin || undefined,
    external: wire.isExternal || undefined,
    role: sanitizeOptional(wire.role),
    domain: domain !== undefined && email?.endsWith(`@${domain}`) ? undefined : domain,
    last_seen: toSeconds(toIso(wire.lastSeen)),
    threat_score: wire.threatScore,
  };
}
