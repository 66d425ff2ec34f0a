import * as z from 'zod';
import type { Filters } from '../shared/filters.ts';
import { isSameAddress } from '../shared/ip_argument.ts';
import { dateFilter, isWithin, type TimeRange } from '../shared/time_argument.ts';
import { alertUserFilter, isGuid, isSameName, isUpn } from '../shared/user_argument.ts';
import { toMs } from '../shared/wire.ts';
import { isOpen, SEVERITIES, STATUSES, type WireAlert, type WireEntity } from './alert.ts';

export const Severity = z.enum(SEVERITIES);
export const Status = z.enum(['any', 'closed', ...STATUSES]);

/** Which alerts a list is of; all conditions must hold. */
export interface AlertQuery {
  readonly status: z.output<typeof Status>;
  readonly severity?: readonly z.output<typeof Severity>[] | undefined;
  readonly user?: string | undefined;
  readonly policy_id?: string | undefined;
  readonly app_id?: number | undefined;
  readonly ip?: string | undefined;
  readonly read?: boolean | undefined;
}

/** The documented filters (docs/defender-api.md 4.7). */
export function alertFilters(query: AlertQuery, range: TimeRange): Filters {
  const { status, severity, user, policy_id, app_id, ip, read } = query;
  return {
    ...statusFilter(status),
    ...(severity !== undefined && { severity: { eq: severity.map((word) => SEVERITIES.indexOf(word)) } }),
    ...(user !== undefined && alertUserFilter(user)),
    ...(policy_id !== undefined && { 'entity.policy': { eq: [policy_id] } }),
    ...(app_id !== undefined && { 'entity.service': { eq: [app_id] } }),
    ...(ip !== undefined && { 'entity.ip': { eq: [ip] } }),
    ...(read !== undefined && { read: { eq: read } }),
    ...dateFilter(range),
  };
}

function statusFilter(status: AlertQuery['status']): Filters {
  if (status === 'any') return {};
  if (status === 'open' || status === 'closed') return { alertOpen: { eq: status === 'open' } };
  // A single number: a list has been seen to let open and closed alerts through (docs/defender-api.md 3.4).
  return { resolutionStatus: { eq: STATUSES.indexOf(status) } };
}

/** Whether a record is what the filters ask for, which the service has ignored at times (docs/defender-api.md 3.4). */
export function isAsked(
  query: AlertQuery,
  range: TimeRange,
): (wire: WireAlert & { statusValue?: number | undefined }) => boolean {
  const { severity, user, policy_id, app_id, ip, read } = query;
  return (wire) => {
    const names = (what: readonly string[], asked: string | number | undefined) =>
      asked === undefined ||
      entitiesOf(wire).some((entity) => what.includes(entity.type ?? '') && isNamed(entity, asked));
    return (
      hasStatus(wire, query.status) &&
      isWithin(range, toMs(wire.timestamp)) &&
      (severity?.some((word) => SEVERITIES[wire.severityValue ?? -1] === word) ?? true) &&
      (read === undefined || wire.statusValue === undefined || wire.statusValue > 0 === read) &&
      mayBeAbout(wire, user) &&
      names(['policyRule'], policy_id) &&
      names(['service'], app_id) &&
      (ip === undefined || wire.entities.some(({ type, id }) => type === 'ip' && isSameAddress(String(id), ip)))
    );
  };
}

function hasStatus(wire: WireAlert, status: AlertQuery['status']): boolean {
  if (status === 'any') return true;
  if (status === 'open' || status === 'closed') return isOpen(wire) === (status === 'open');
  return STATUSES[wire.resolutionStatusValue ?? 0] === status;
}

/** A policy stands beside the entities or among them. */
function entitiesOf({ entities, policy }: WireAlert): readonly WireEntity[] {
  return policy ? [...entities, { ...policy, type: 'policyRule' }] : entities;
}

/** Whether an alert names a user, or names people and tells none of them by id or by UPN, as the user is asked for. */
function mayBeAbout({ entities }: WireAlert, user: string | undefined): boolean {
  if (user === undefined) return true;
  const isForm = isGuid(user) ? isGuid : isUpn;
  const people = entities.filter(({ type }) => type === 'account' || type === 'user');
  const told = people.filter(({ id, pa, em }) => [id, pa, em].some((name) => isForm(String(name))));
  return told.length === 0 ? people.length > 0 : told.some((person) => isNamed(person, user));
}

function isNamed({ id, pa, em }: WireEntity, asked: string | number): boolean {
  return [id, pa, em].some((name) => isSameName(name, String(asked)));
}
