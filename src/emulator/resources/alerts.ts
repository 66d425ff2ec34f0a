import type { Handler, HandlerCall } from '../handler.ts';
import { type Fields, field } from '../query/filter.ts';
import { entityKey, flag, number, objectId, word } from '../query/kinds.ts';
import { list } from '../query/list_reply.ts';
import type { Alert } from '../records.ts';
import { notFound, ok, type Reply } from '../reply.ts';
import type { State } from '../state.ts';

const EQ = ['eq'] as const;
const EQ_NEQ = ['eq', 'neq'] as const;
const TIME = ['lte', 'gte', 'range', 'lte_ndays', 'gte_ndays'] as const;
const TIME_EXACT = ['lte', 'gte', 'range'] as const;

/** The index is `severityValue`: informational is 3 on the wire, but the least severe. */
const SEVERITY_RANK = [1, 2, 3, 0];

const idsOf = (alert: Alert, type: string) => alert.entities.filter((it) => it.type === type).map((it) => it.id);

/** The filters of docs/defender-api.md 4.7. */
export function alertFields({ apps }: State): Fields<Alert> {
  const scores = new Map<string | number, number>(apps.map((app) => [app.appId, app.score]));
  return {
    'entity.entity': field(entityKey, EQ_NEQ, (alert) => alert.entities.filter((it) => it.type === 'account')),
    'entity.ip': field(word, EQ_NEQ, (alert) => idsOf(alert, 'ip')),
    'entity.service': field(number, EQ_NEQ, (alert) => idsOf(alert, 'service')),
    'entity.instance': field(number, EQ_NEQ, (alert) => alert.entities.flatMap(({ inst }) => inst ?? [])),
    'entity.policy': field(objectId, EQ_NEQ, (alert) => idsOf(alert, 'policyRule')),
    'entity.file': field(word, EQ_NEQ, (alert) => idsOf(alert, 'file')),
    'entity.user': field(word, EQ, (alert) => idsOf(alert, 'user')),
    alertOpen: field(flag, EQ, (alert) => [isOpen(alert)]),
    severity: field(number, EQ_NEQ, (alert) => [alert.severityValue]),
    resolutionStatus: field(number, EQ_NEQ, (alert) => [alert.resolutionStatusValue]),
    read: field(flag, EQ, (alert) => [alert.statusValue > 0]),
    date: field(number, TIME, (alert) => [alert.timestamp]),
    resolutionDate: field(number, TIME_EXACT, ({ resolveTime }) => (resolveTime ? [Date.parse(resolveTime)] : [])),
    risk: field(number, EQ_NEQ, (alert) => idsOf(alert, 'service').flatMap((id) => scores.get(id) ?? [])),
    alertType: field(number, EQ_NEQ, (alert) => [alert.idValue]),
    id: field(objectId, EQ_NEQ, (alert) => [alert._id]),
    source: field(word, EQ, ({ policy }) => [policy.policyType?.includes('ANOMALY') ? 'built-in' : 'policy']),
  };
}

export const isOpen = (alert: Alert): boolean => alert.resolutionStatusValue === 0;

export function findAlert({ state, params }: HandlerCall): Alert | undefined {
  const id = params.id?.toLowerCase();
  return state.alerts.find((alert) => alert._id === id);
}

/** A1 of docs/defender-api.md 4.1. */
export const listAlerts: Handler = (call) =>
  list(call, call.state.alerts, {
    fields: alertFields(call.state),
    sorts: {
      date: (alert) => alert.timestamp,
      severity: (alert) => SEVERITY_RANK[alert.severityValue] ?? 0,
    },
  });

/** A2 of docs/defender-api.md 4.1. */
export function fetchAlert(call: HandlerCall): Reply {
  const alert = findAlert(call);
  return alert ? ok(alert) : notFound();
}

/** A6 of docs/defender-api.md 4.1. */
export const readAlert: Handler = (call) => mark(call, 1);

/** A7 of docs/defender-api.md 4.1. */
export const unreadAlert: Handler = (call) => mark(call, 0);

function mark(call: HandlerCall, statusValue: number): Reply {
  const alert = findAlert(call);
  if (!alert) return notFound();
  alert.statusValue = statusValue;
  return ok();
}
