import * as z from 'zod';
import { plain, plainIfAny } from '../text.ts';
import { toIso, wireCode, wireId, wireList, wireNumber, wireText, wireTime } from './wire.ts';

/** defender-api.md §6.1: the index is the service's number. */
const SEVERITIES = ['low', 'medium', 'high', 'informational'] as const;
/** defender-api.md §6.2: the index is `resolutionStatusValue`. */
const STATUSES = ['open', 'dismissed', 'resolved', 'false_positive', 'benign', 'true_positive'] as const;

/** How much of an alert's prose is wanted. */
export const Detail = z.enum(['concise', 'full']);
export type Detail = z.output<typeof Detail>;

const LONGEST_DESCRIPTION = 4000;

const WireEntity = z.object({ type: wireText, id: wireId, label: wireText, pa: wireText, em: wireText });
type WireEntity = z.output<typeof WireEntity>;

/** An alert as the service sends it (defender-api.md §3.1); only the id must be there. */
export const WireAlert = z.object({
  _id: z.string().min(1),
  timestamp: wireTime,
  title: wireText,
  description: wireText,
  severityValue: wireNumber,
  resolutionStatusValue: wireCode,
  resolveTime: wireText,
  policy: WireEntity.optional().catch(undefined),
  entities: wireList(WireEntity),
});
export type WireAlert = z.output<typeof WireAlert>;

const time = (description: string) => z.string().meta({ format: 'date-time', description });

const Named = (id: string) =>
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
  policy: Named('policy_id').optional().meta({ description: 'Policy' }),
  users: z.array(Named('user_id')).meta({ description: 'Users' }),
  apps: z
    .array(
      z.strictObject({
        id: z.int().meta({ description: 'app_id' }),
        name: z.string().optional().meta({ description: 'Name' }),
      }),
    )
    .meta({ description: 'Apps' }),
  ips: z.array(z.string()).meta({ description: 'IP addresses' }),
  countries: z.array(z.string()).meta({ description: 'Country codes' }),
  description: z.string().optional().meta({ description: 'With detail full' }),
  url: z.string().meta({ description: 'Portal page' }),
});
export type Alert = z.output<typeof Alert>;

/** True unless the record says that it is closed: the service's own filter has let closed ones through (§2.4). */
export function isOpen({ resolutionStatusValue }: WireAlert): boolean {
  return (resolutionStatusValue ?? 0) <= 0;
}

/** @param portal origin that the alert's link is built on; a link in the data is never used */
export function toAlert(wire: WireAlert, portal: string, detail: Detail = 'concise'): Alert {
  const ofType = (type: string) => wire.entities.filter((entity) => entity.type === type);
  const idsOf = (type: string) => [...new Set(ofType(type).map(toId).filter(Boolean))];
  const id = plain(wire._id);
  return {
    id,
    title: plainIfAny(wire.title),
    severity: SEVERITIES[wire.severityValue ?? -1],
    status: STATUSES[wire.resolutionStatusValue ?? -1],
    created: toIso(wire.timestamp),
    policy: named([wire.policy, ...ofType('policyRule')])[0],
    users: named([...ofType('account'), ...ofType('user').filter(isNewIn(ofType('account')))]),
    apps: named(ofType('service')).flatMap(withNumber),
    ips: idsOf('ip'),
    countries: idsOf('country'),
    description: detail === 'full' ? plainIfAny(wire.description, LONGEST_DESCRIPTION) : undefined,
    url: `${portal}/#/alerts/${encodeURIComponent(id)}`,
  };
}

/** Accounts carry the Entra object id; a `user` entity repeats a person by UPN and counts where no account does. */
function isNewIn(accounts: readonly WireEntity[]): (user: WireEntity) => boolean {
  const known = new Set(accounts.flatMap(({ id, label, pa, em }) => [id, label, pa, em]));
  return ({ id }) => !known.has(id);
}

/** Ids with names, the first of each id. */
function named(entities: readonly (WireEntity | undefined)[]): { id: string; name: string | undefined }[] {
  const found = new Map<string, string | undefined>();
  for (const entity of entities) {
    if (!entity || toId(entity) === '' || found.has(toId(entity))) continue;
    found.set(toId(entity), plainIfAny(entity.label ?? entity.pa ?? entity.em));
  }
  return [...found].map(([id, name]) => ({ id, name }));
}

function withNumber({ id, name }: { id: string; name: string | undefined }) {
  return /^\d{1,15}$/.test(id) ? [{ id: Number(id), name }] : [];
}

function toId(entity: WireEntity): string {
  return plain(String(entity.id ?? ''));
}
