import type { Activity, Alert, AlertEntity } from '../records.ts';
import { toActivity } from './activity.ts';
import { appName } from './apps.ts';
import { fileId, objectId, TENANT } from './ids.ts';
import type { Incident } from './incident.ts';
import { policyEntity } from './policies.ts';

const MINUTE = 60_000;

/** How an alert was closed. */
interface Closure {
  resolution: number;
  comment: string;
  hoursLater: number;
}

/**
 * Turns an incident into wire records: the alert, raised at `at` (ms), and its activities. Ids are made from `count`,
 * which must be unique, so that they do not collide.
 */
export function stage(incident: Incident, count: number, at: number, start: number) {
  const activities = incident.deeds.map((deed, index) =>
    toActivity(deed, at + deed.minute * MINUTE, `incident ${count} deed ${index}`),
  );
  return { alert: toAlert(incident, count, at, start, activities), activities };
}

function toAlert(incident: Incident, count: number, at: number, start: number, activities: Activity[]): Alert {
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
    audits: activities.map((activity) => activity._id),
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

function whoEntities({ who }: Incident): AlertEntity[] {
  if (!who) return [];
  const account = { type: 'account', id: who.id, label: who.name, entityType: 2, saas: 11161, inst: 0 };
  return [
    { ...account, pa: who.upn, em: who.upn, entityRole: 'Source' },
    { type: 'user', id: who.upn, label: who.upn },
  ];
}

function originEntities({ deeds, apps = [], files = [] }: Incident): AlertEntity[] {
  const places = deeds.map((deed) => deed.session.place);
  const services = distinct([...deeds.map((deed) => deed.app), ...apps]);
  return [
    ...distinct(places.map(({ ip }) => ip)).map((ip) => ({ type: 'ip', id: ip, label: ip })),
    ...distinct(places.map(({ country }) => country)).map((code) => ({ type: 'country', id: code, label: code })),
    ...services.map((app) => ({ type: 'service', id: app, label: appName(app) })),
    ...files.map((name) => ({ type: 'file', id: fileId(name), label: name })),
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
