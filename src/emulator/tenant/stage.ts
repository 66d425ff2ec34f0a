import type { Activity, Alert, AlertEntity } from '../records.ts';
import { toActivity } from './activity.ts';
import { appName } from './apps.ts';
import type { Deed } from './deeds.ts';
import { fileId, objectId, TENANT } from './ids.ts';
import type { Incident } from './incident.ts';
import type { Person } from './people.ts';
import { policyEntity } from './policies.ts';
import { vary } from './vary.ts';

const MINUTE = 60_000;

/** The most that a deed comes after its minute, ms; less than a minute, so that deeds keep their order. */
const JITTER = 55_000;

/** How an alert was closed. */
interface Closure {
  resolution: number;
  comment: string;
  hoursLater: number;
}

/** How an analyst gets from an alert to its activities (docs/defender-api.md 4.2). */
type Trace = 'joined' | 'audits' | 'by time';

/** How many minutes before the alert an activity still counts as near it. */
const WINDOW = 119;

/** A deed, and the activity that it becomes. */
export type Dated = readonly [deed: Deed, activity: Activity];

/** An incident as wire records. */
interface Staged {
  alert: Alert;
  dated: Dated[];
  trace: Trace;
}

/**
 * Turns an incident into wire records: the alert, raised at `at` (ms), and its activities. Ids are made from `count`,
 * which must be unique, so that they do not collide.
 */
export function stage(incident: Incident, count: number, at: number, start: number): Staged {
  const dated = toDated(incident.deeds, at, `incident ${count}`);
  const trace = traceOf(incident, count);
  const isNamed = trace === 'audits' || (trace === 'joined' && count % 2 === 0);
  const audits = isNamed ? dated.map(([, { _id }]) => _id) : [];
  return { alert: toAlert(incident, count, at, start, audits), dated, trace };
}

/** Deeds as activities, in the same order. Each seed must be used once only, because ids come from it. */
export function toDated(deeds: readonly Deed[], at: number, seed: string): Dated[] {
  return deeds.map((deed, index) => {
    const own = `${seed} deed ${index}`;
    return [deed, toActivity(deed, momentOf(deed, at, own), own)];
  });
}

// Some seconds after its minute, and up to 24 minutes off if it is hours before the alert.
function momentOf({ minute }: Deed, at: number, seed: string): number {
  const luck = vary(seed, 25 * JITTER);
  const earlier = minute < -WINDOW - 60 ? Math.floor(luck / JITTER) : 0;
  return at + (minute - earlier) * MINUTE + (luck % JITTER);
}

/** Every third alert leads nowhere by itself, if all that decides about it lies in the time shortly before it. */
function traceOf({ who, deeds }: Incident, count: number): Trace {
  if (count % 3 === 1) return 'joined';
  if (count % 3 === 2) return 'audits';
  const isNear = deeds.every(({ decides, minute }) => !decides || minute >= -WINDOW);
  return who && isNear ? 'by time' : 'joined';
}

function toAlert(incident: Incident, count: number, at: number, start: number, audits: string[]): Alert {
  const { kind, description, who } = incident;
  const id = objectId('alert', count, Math.floor((at - start) / 1000));
  const policy = policyEntity(kind.policy);
  return {
    _id: id,
    contextId: TENANT.contextId,
    timestamp: at,
    title: kind.title,
    description,
    isMarkdown: description.startsWith('<'),
    entities: [...whoEntities(incident), ...originEntities(incident), policy],
    policy,
    statusValue: count % 3 === 0 ? 1 : 0,
    severityValue: kind.severity,
    resolutionStatusValue: 0,
    stories: [kind.story],
    intent: kind.intent === undefined ? [] : [kind.intent],
    evidence: evidenceOf(incident),
    isPreview: false,
    isSystemAlert: incident.isSystem ?? false,
    // The field is left out where it would be empty, but not always (docs/defender-api.md 4.2).
    ...((audits.length > 0 || count % 4 === 0) && { audits }),
    threatScore: who ? (who.number * 7 + kind.severity * 20) % 100 : 0,
    idValue: kind.idValue,
    // The service has three forms of "no comment" (docs/defender-api.md 4.2).
    comment: [null, '', 'null'][count % 3] ?? null,
    handledByUser: null,
    resolveTime: null,
    URL: `${TENANT.portal}/#/alerts/${id}`,
  };
}

/** Closes an alert as an analyst would. */
export function closeAs(alert: Alert, { resolution, comment, hoursLater }: Closure): void {
  alert.resolutionStatusValue = resolution;
  alert.comment = comment;
  alert.handledByUser = 'morgan.analyst@contoso.com';
  alert.resolveTime = new Date(alert.timestamp + hoursLater * 60 * MINUTE).toISOString();
  alert.statusValue = 1;
}

function whoEntities({ who, related }: Incident): AlertEntity[] {
  return [...(who ? accountOf(who, 'Source') : []), ...(related ? accountOf(related, 'Related') : [])];
}

function accountOf({ id, name, upn }: Person, entityRole: string): AlertEntity[] {
  const account = { type: 'account', id, label: name, entityType: 2, saas: 11161, inst: 0 };
  return [
    { ...account, pa: upn, em: upn, entityRole },
    { type: 'user', id: upn, label: upn },
  ];
}

function originEntities({ deeds, who, apps = [], files = [] }: Incident): AlertEntity[] {
  const places = deeds.map((deed) => deed.session.place);
  const services = distinct([...deeds.map((deed) => deed.app), ...apps]);
  return [
    ...distinct(places.map(({ ip }) => ip)).map((ip) => ({ type: 'ip', id: ip, label: ip })),
    ...distinct(places.map(({ country }) => country)).map((code) => ({ type: 'country', id: code, label: code })),
    ...services.map((app) => ({ type: 'service', id: app, label: appName(app) })),
    ...files.map(({ name }) => ({ type: 'file', id: fileId(who?.upn ?? '', name), label: name })),
  ];
}

function evidenceOf({ who, deeds }: Incident): Alert['evidence'] {
  if (!who) return [];
  const counted = { template: 'ALERTS_EVIDENCE_ACTIVITY_COUNT', parameters: { count: deeds.length } };
  const role = { template: 'ANUBIS_ADMIN_USER_FEATURE', parameters: { app: 'Office 365' } };
  return (who.isAdmin ? [counted, role] : [counted]).map((title) => ({ title }));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}
