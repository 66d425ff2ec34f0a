import { isRecord, parseJson } from '../json.ts';
import { detail, json, type Reply } from '../reply.ts';
import { everyday } from '../tenant/calendar.ts';
import { people } from '../tenant/people.ts';
import { pick } from '../tenant/pick.ts';
import type { Raise } from '../tenant/raise.ts';
import { type Check, isWhole, problemIn } from './checks.ts';

/** Most alerts per call. */
const MOST = 1000;

/** The last moment that a Date can hold, ms, less a day. */
const LATEST = 8_640_000_000_000_000 - 86_400_000;

const SEVERITIES = ['low', 'medium', 'high', 'informational'];

const workers = Object.values(people).filter((who) => who.hasRoutine);

const checks: Record<string, Check> = {
  count: [(value) => isWhole(value) && value >= 1 && value <= MOST, `a whole number from 1 to ${MOST}`],
  title: [(value) => typeof value === 'string' && value !== '', 'a non-empty string'],
  severity: [(value) => severityOf(value) >= 0, `one of ${SEVERITIES.join(', ')}, or 0 to 3`],
  timestamp: [(value) => isWhole(value) && value <= LATEST, 'a time in milliseconds since the epoch'],
  user: [(value) => workersNamed(value).length > 0, 'the UPN or object id of an active person in the tenant'],
};

/** Raises alerts while the emulator runs: `{count?, title?, severity?, timestamp?, user?}`; answers with them. */
export function createAlertSource(raise: Raise, now: () => number): (body: string) => Reply {
  let count = 0;
  return (body) => {
    const order = body.trim() === '' ? {} : parseJson(body);
    if (!isRecord(order)) return detail(400, 'the body must be a JSON object, or empty');
    const problem = problemIn(order, checks);
    if (problem !== undefined) return detail(400, problem);
    const at = isWhole(order.timestamp) ? order.timestamp : now();
    const candidates = order.user === undefined ? workers : workersNamed(order.user);
    const alerts = Array.from({ length: Number(order.count ?? 1) }, () => {
      const incident = pick(everyday, count)(pick(candidates, count));
      count += 1;
      const alert = raise(incident, at);
      if (typeof order.title === 'string') alert.title = order.title;
      if (order.severity !== undefined) alert.severityValue = severityOf(order.severity);
      return alert;
    });
    return json(201, { alerts });
  };
}

function severityOf(value: unknown): number {
  if (typeof value === 'number') return value in SEVERITIES ? value : -1;
  return typeof value === 'string' ? SEVERITIES.indexOf(value) : -1;
}

function workersNamed(value: unknown) {
  return workers.filter((who) => who.upn === value || who.id === value);
}
