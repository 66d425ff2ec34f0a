import { isRecord, parseJson } from '../json.ts';
import { detail, json, type Reply } from '../reply.ts';
import { everyday } from '../tenant/calendar.ts';
import { people } from '../tenant/people.ts';
import { pick } from '../tenant/pick.ts';
import type { Raise } from '../tenant/raise.ts';
import { type Check, isWhole, problemIn } from './checks.ts';

/** The most alerts per call. */
const MAX_ALERTS = 1000;

/** The last moment that a Date can hold, ms, less a day. */
const LATEST = 8_640_000_000_000_000 - 86_400_000;

const SEVERITIES = ['low', 'medium', 'high', 'informational'];

const workers = Object.values(people).filter((who) => who.hasRoutine);

const checks: Record<string, Check> = {
  count: [(value) => isWhole(value) && value >= 1 && value <= MAX_ALERTS, `a whole number from 1 to ${MAX_ALERTS}`],
  title: [(value) => typeof value === 'string' && value !== '', 'a non-empty string'],
  severity: [(value) => severityOf(value) >= 0, `one of ${SEVERITIES.join(', ')}, or 0 to 3`],
  timestamp: [(value) => isWhole(value) && value <= LATEST, 'a time in milliseconds since the epoch'],
  user: [(value) => workersNamed(value).length > 0, 'the UPN or object id of an active person in the tenant'],
};

/** Raises alerts while the emulator runs, from `{count?, title?, severity?, timestamp?, user?}`; answers with them. */
export function createAlertSource(raise: Raise, now: () => number): (body: string) => Reply {
  let count = 0;
  return (body) => {
    const request = body.trim() === '' ? {} : parseJson(body);
    if (!isRecord(request)) return detail(400, 'the body must be a JSON object, or empty');
    const problem = problemIn(request, checks);
    if (problem !== undefined) return detail(400, problem);
    const at = isWhole(request.timestamp) ? request.timestamp : now();
    const candidates = request.user === undefined ? workers : workersNamed(request.user);
    const alerts = Array.from({ length: Number(request.count ?? 1) }, () => {
      const incident = pick(everyday, count)(pick(candidates, count));
      count += 1;
      const alert = raise(incident, at);
      if (typeof request.title === 'string') alert.title = request.title;
      if (request.severity !== undefined) alert.severityValue = severityOf(request.severity);
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
