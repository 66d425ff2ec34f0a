import * as z from 'zod';
import { sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import { More, moreThan } from '../shared/bounds.ts';
import {
  asNumber,
  asRecord,
  asText,
  toIso,
  wireBoolean,
  wireId,
  wireList,
  wireNumber,
  wireText,
  wireTime,
} from '../shared/wire.ts';

const part = <T extends z.ZodRawShape>(shape: T) => z.object(shape).partial().optional().catch(undefined);

/** An object that an activity acted on, or its actor. */
function asObject(value: unknown) {
  const record = asRecord<'name' | 'role'>(value);
  return record && { name: asText(record.name), role: asNumber(record.role) };
}

/** The accounts that an activity is of, by UPN or by Entra object id; some are null (docs/defender-api.md 5.2). */
function asAccounts(value: unknown): string[] {
  return Object.values(asRecord(value) ?? {}).flatMap((account) => asText(asKey(asKey(account)?.id)?.id) ?? []);
}

const asKey = (value: unknown) => asRecord<'id'>(value);

/** The stable fields of an activity as the service sends it (docs/defender-api.md 5.2); only `_id` is required. */
export const WireActivity = z.object({
  _id: z.string().min(1),
  timestamp: wireTime,
  appId: wireNumber,
  appName: wireText,
  eventTypeName: wireText,
  description: wireText,
  user: part({ userName: wireText }),
  failedUserData: part({ userName: wireText }),
  resolvedActor: part({ id: wireId, name: wireText }),
  entityData: z.transform(asAccounts),
  device: part({ clientIP: wireText, userAgent: wireText, countryCode: wireText }),
  location: part({
    countryCode: wireText,
    city: wireText,
    organizationSearchable: wireText,
    anonymousProxy: wireBoolean,
    categoryValue: wireText,
  }),
  userAgent: part({ deviceType: wireText, os: wireText, browser: wireText }),
  mainInfo: part({
    prettyOperationName: wireText,
    activityResult: part({ isSuccess: wireBoolean, message: wireText }),
    eventObjects: wireList(asObject),
  }),
});
export type WireActivity = z.output<typeof WireActivity>;

const text = (description: string) => z.string().optional().meta({ description });

/** An activity as it leaves this server: who did what, where from, with which device. */
export const Activity = z.strictObject({
  id: z.string().meta({ description: 'Activity id' }),
  time: z.string().optional().meta({ format: 'date-time', description: 'UTC' }),
  type: text('Such as FAILED_LOGIN'),
  action: text('Operation'),
  description: text('What happened'),
  success: z.boolean().optional().meta({ description: 'Succeeded' }),
  user: text('Who did it'),
  app: text('App'),
  app_id: z.int().optional().meta({ description: 'app_id' }),
  ip: text('IP address'),
  ip_category: text('Such as RISKY, VPN'),
  anonymous_proxy: z.boolean().optional().meta({ description: 'Anonymous proxy' }),
  country: text('Country code'),
  city: text('City'),
  organization: text('Network owner'),
  device: text('Kind of device'),
  os: text('OS'),
  browser: text('Browser'),
  user_agent: text('User agent'),
  objects: z.array(z.string()).meta({ description: 'Files, mails, settings' }),
  more_objects: More,
});
export type Activity = z.output<typeof Activity>;

/** Longer than other texts: an attacker must not push the end, such as a permission, out of sight by a long name. */
const LONGEST_DESCRIPTION = 2000;
/** Most objects shown for one activity; a mass download names thousands. */
const MOST_OBJECTS = 10;
/** In `eventObjects`, role 4 is the actor, 2 and 5 are the account of a failed log-on; they repeat `user`. */
const ACTOR_ROLES: ReadonlySet<number | undefined> = new Set([2, 4, 5]);

export function toActivity(wire: WireActivity): Activity {
  const { device, location, userAgent, mainInfo } = wire;
  const objects = objectsOf(wire);
  const country = location?.countryCode ?? device?.countryCode;
  return {
    id: sanitize(wire._id),
    time: toIso(wire.timestamp),
    type: sanitizeOptional(wire.eventTypeName?.replace(/^EVENT_CATEGORY_/, '')),
    action: sanitizeOptional(mainInfo?.prettyOperationName),
    description: sanitizeOptional(wire.description, LONGEST_DESCRIPTION),
    success: mainInfo?.activityResult?.isSuccess,
    user: sanitizeOptional(wire.user?.userName ?? wire.failedUserData?.userName ?? wire.resolvedActor?.name),
    app: sanitizeOptional(wire.appName),
    app_id: Number.isSafeInteger(wire.appId) ? wire.appId : undefined,
    ip: sanitizeOptional(device?.clientIP),
    ip_category: sanitizeOptional(location?.categoryValue),
    anonymous_proxy: location?.anonymousProxy,
    country: sanitizeOptional(country),
    city: sanitizeOptional(location?.city),
    organization: sanitizeOptional(location?.organizationSearchable),
    device: sanitizeOptional(userAgent?.deviceType),
    os: sanitizeOptional(userAgent?.os),
    browser: sanitizeOptional(userAgent?.browser),
    user_agent: sanitizeOptional(device?.userAgent),
    objects: objects.slice(0, MOST_OBJECTS),
    more_objects: moreThan(MOST_OBJECTS, objects),
  };
}

function objectsOf({ mainInfo }: WireActivity): string[] {
  const objects = mainInfo?.eventObjects?.filter(({ role }) => !ACTOR_ROLES.has(role)) ?? [];
  return [...new Set(objects.flatMap(({ name }) => sanitizeOptional(name) ?? []))];
}
