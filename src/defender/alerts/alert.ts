import * as z from 'zod';
import { sanitize, sanitizeOptional } from '../../text/sanitize.ts';
import { LONGEST_NAME, MOST_MEMBERS, More, moreThan } from '../shared/bounds.ts';
import {
  asRecord,
  asText,
  asTextOrNumber,
  toIso,
  wireCode,
  wireList,
  wireNumber,
  wireRecordId,
  wireText,
  wireTime,
} from '../shared/wire.ts';

/** docs/defender-api.md 4.4: the index is `severityValue`. */
export const SEVERITIES = ['low', 'medium', 'high', 'informational'] as const;
/** docs/defender-api.md 4.4: the index is `resolutionStatusValue`. */
export const STATUSES = ['open', 'dismissed', 'resolved', 'false_positive', 'benign', 'true_positive'] as const;

/** Whether an alert comes with its description. */
export const Detail = z.enum(['concise', 'full']);
export type Detail = z.output<typeof Detail>;

const LONGEST_DESCRIPTION = 4000;

/** Somebody or something that an alert is about (docs/defender-api.md 4.3); `pa` is the UPN, `em` the mail address. */
export interface WireEntity {
  readonly type: string | undefined;
  readonly id: string | number | undefined;
  readonly label: string | undefined;
  readonly pa: string | undefined;
  readonly em: string | undefined;
}

function asEntity(value: unknown): WireEntity | undefined {
  const record = asRecord<keyof WireEntity>(value);
  if (!record) return undefined;
  return {
    type: asText(record.type),
    id: asTextOrNumber(record.id),
    label: asText(record.label),
    pa: asText(record.pa),
    em: asText(record.em),
  };
}

/** An alert as the service sends it (docs/defender-api.md 4.2); only `_id` is required. */
export const WireAlert = z.object({
  _id: wireRecordId,
  timestamp: wireTime,
  title: wireText,
  description: wireText,
  severityValue: wireNumber,
  resolutionStatusValue: wireCode,
  resolveTime: wireText,
  policy: z.transform(asEntity),
  entities: wireList(asEntity),
});
export type WireAlert = z.output<typeof WireAlert>;

const time = (description: string) => z.string().meta({ format: 'date-time', description });

const NamedItem = (id: string) =>
  z.strictObject({
    id: z.string().meta({ description: id }),
    name: z.string().optional().meta({ description: 'Name' }),
  });

/** An alert as it leaves this server. */
export const Alert = z.strictObject({
  id: z.string().meta({ description: 'alert_id' }),
  title: z.string().optional().meta({ description: 'Title' }),
  severity: z.enum(SEVERITIES).optional().meta({ description: 'Severity' }),
  status: z.enum(STATUSES).optional().meta({ description: 'Status' }),
  created: time('Raised, UTC').optional(),
  policy: NamedItem('policy_id').optional().meta({ description: 'Policy' }),
  users: z.array(NamedItem('user_id')).meta({ description: 'Users' }),
  more_users: More,
  apps: z
    .array(
      z.strictObject({
        id: z.int().meta({ description: 'app_id' }),
        name: z.string().optional().meta({ description: 'Name' }),
      }),
    )
    .meta({ description: 'Apps' }),
  more_apps: More,
  ips: z.array(z.string()).meta({ description: 'IP addresses' }),
  more_ips: More,
  countries: z.array(z.string()).meta({ description: 'Country codes' }),
  more_countries: More,
  description: z.string().optional().meta({ description: 'With detail full' }),
  url: z.string().meta({ description: 'Portal page' }),
});
export type Alert = z.output<typeof Alert>;

/** True unless the record itself says closed; a filter has let closed alerts through (docs/defender-api.md 3.4). */
export function isOpen({ resolutionStatusValue }: WireAlert): boolean {
  return (resolutionStatusValue ?? 0) <= 0;
}

/** @param portal origin that the alert's link is built on; a link in the data is never used */
export function toAlert(wire: WireAlert, portal: string, detail: Detail = 'concise'): Alert {
  const { policy, users, apps, ips, countries } = namedIn(wire);
  const id = sanitize(wire._id);
  return {
    id,
    title: sanitizeOptional(wire.title),
    severity: SEVERITIES[wire.severityValue ?? -1],
    status: STATUSES[wire.resolutionStatusValue ?? -1],
    created: toIso(wire.timestamp),
    policy,
    users: users.slice(0, MOST_MEMBERS),
    more_users: moreThan(MOST_MEMBERS, users),
    apps: apps.slice(0, MOST_MEMBERS),
    more_apps: moreThan(MOST_MEMBERS, apps),
    ips: ips.slice(0, MOST_MEMBERS),
    more_ips: moreThan(MOST_MEMBERS, ips),
    countries: countries.slice(0, MOST_MEMBERS),
    more_countries: moreThan(MOST_MEMBERS, countries),
    description: detail === 'full' ? sanitizeOptional(wire.description, LONGEST_DESCRIPTION) : undefined,
    url: alertUrl(portal, id),
  };
}

export function alertUrl(portal: string, id: string): string {
  return `${portal}/#/alerts/${encodeURIComponent(id)}`;
}

/** All that the entities of an alert name. */
function namedIn(wire: WireAlert) {
  const ofType = byType(wire.entities);
  const idsOf = (type: string) => [...new Set(ofType(type).map(toAddress).filter(Boolean))];
  const accounts = ofType('account');
  return {
    policy: named([wire.policy, ...ofType('policyRule')])[0],
    users: named([...accounts, ...ofType('user').filter(isMissingFrom(accounts))]),
    apps: named(ofType('service'))
      .filter(hasNumericId)
      .map(({ id, name }) => ({ id: Number(id), name })),
    ips: idsOf('ip'),
    countries: idsOf('country'),
  };
}

function byType(entities: readonly WireEntity[]): (type: string) => readonly WireEntity[] {
  const types = new Map<string | undefined, WireEntity[]>();
  for (const entity of entities) {
    const same = types.get(entity.type);
    if (same) same.push(entity);
    else types.set(entity.type, [entity]);
  }
  return (type) => types.get(type) ?? [];
}

/** A `user` entity has only the UPN, so it counts only if no account (with an Entra object id) names the person. */
function isMissingFrom(accounts: readonly WireEntity[]): (user: WireEntity) => boolean {
  const known = new Set<WireEntity['id']>();
  for (const { id, label, pa, em } of accounts) known.add(id).add(label).add(pa).add(em);
  return ({ id }) => !known.has(id);
}

interface Named {
  readonly id: string;
  readonly name: string | undefined;
}

/** Ids with names; each id once, with the first name. */
function named(entities: readonly (WireEntity | undefined)[]): Named[] {
  const found = new Map<string, Named>();
  for (const entity of entities) {
    const id = entity ? toId(entity) : '';
    if (!entity || id === '' || found.has(id)) continue;
    found.set(id, { id, name: sanitizeOptional(entity.label ?? entity.pa ?? entity.em, LONGEST_NAME) });
  }
  return [...found.values()];
}

function hasNumericId({ id }: Named): boolean {
  return /^\d{1,15}$/.test(id);
}

function toId(entity: WireEntity): string {
  return sanitize(String(entity.id ?? ''));
}

function toAddress(entity: WireEntity): string {
  return sanitize(String(entity.id ?? ''), LONGEST_NAME);
}
