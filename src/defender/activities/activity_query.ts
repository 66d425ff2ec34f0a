import { Fault } from '../../core/errors.ts';
import type { Filters } from '../shared/filters.ts';
import { plainAddress } from '../shared/ip_argument.ts';
import { dateFilter, isWithin, type TimeRange } from '../shared/time_argument.ts';
import { activityUserFilter, isGuid, isSameName, isUpn } from '../shared/user_argument.ts';
import { toMs } from '../shared/wire.ts';
import type { WireActivity } from './activity.ts';

/** The kinds of device that the filter knows (docs/defender-api.md 5.3). */
export const DEVICE_TYPES = ['DESKTOP', 'MOBILE', 'TABLET', 'OTHER'] as const;

/** Which activities a list is of; all conditions must hold. */
export interface ActivityQuery {
  readonly alert_id?: string | undefined;
  readonly user?: string | undefined;
  readonly ip?: string | undefined;
  readonly app_id?: number | undefined;
  readonly country?: string | undefined;
  readonly device_type?: (typeof DEVICE_TYPES)[number] | undefined;
  readonly admin_only?: boolean | undefined;
}

/** @throws Fault `invalid_input` if nothing narrows the list, which would be of the whole tenant */
export function assertNarrow({ admin_only: _, ...conditions }: ActivityQuery): void {
  if (Object.values(conditions).some((value) => value !== undefined)) return;
  const names = 'alert_id, user, ip, app_id, country, device_type';
  throw new Fault('invalid_input', `At least one of ${names} is needed.`);
}

/** The documented filters (docs/defender-api.md 5.3). */
export function activityFilters(query: ActivityQuery, range: TimeRange): Filters {
  const { alert_id, user, ip, app_id, country, device_type, admin_only } = query;
  return {
    ...(alert_id !== undefined && { 'activity.alertId': { eq: [alert_id] } }),
    ...(user !== undefined && activityUserFilter(user)),
    ...(ip !== undefined && { 'ip.address': { eq: [ip] } }),
    ...(app_id !== undefined && { service: { eq: [app_id] } }),
    ...(country !== undefined && { 'location.country': { eq: [country] } }),
    ...(device_type !== undefined && { 'device.type': { eq: [device_type] } }),
    ...(admin_only && { 'activity.type': { eq: true } }),
    ...dateFilter(range),
  };
}

/**
 * Whether a record is what the filters ask for: the service has been seen to ignore filters (docs/defender-api.md 3.4).
 * What a record does not say cannot be checked, such as the alert it belongs to.
 */
export function isAsked({ user, ip, app_id, country, device_type }: ActivityQuery, range: TimeRange) {
  const agrees = (asked: string | undefined, ...said: (string | undefined)[]) => {
    const known = said.filter((value) => value !== undefined);
    return asked === undefined || known.length === 0 || known.some((value) => isSameName(value, asked));
  };
  return (wire: WireActivity): boolean =>
    isWithin(range, toMs(wire.timestamp)) &&
    agrees(user, ...(user !== undefined && isGuid(user) ? idsOf(wire) : namesOf(wire))) &&
    agrees(ip, wire.device?.clientIP && plainAddress(wire.device.clientIP)) &&
    (app_id === undefined || wire.appId === undefined || wire.appId === app_id) &&
    agrees(country, wire.location?.countryCode, wire.device?.countryCode) &&
    agrees(device_type, wire.userAgent?.deviceType);
}

/** The Entra object ids of the accounts; an account has a UPN or a number in place of one. */
function idsOf({ entityData }: WireActivity): string[] {
  return entityData.filter(isGuid);
}

/** An actor's name may be one for display, which tells nothing about the UPN. */
function namesOf({ user, failedUserData, resolvedActor }: WireActivity): (string | undefined)[] {
  const actor = resolvedActor?.name;
  return [user?.userName, failedUserData?.userName, actor !== undefined && isUpn(actor) ? actor : undefined];
}
