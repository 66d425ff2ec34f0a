import { Fault } from '../core/errors.ts';
import type { Path } from '../core/path.ts';

const ALERT_ID = /^[0-9a-f]{24}$/;
/** A path below /alerts/ without an alert's id acts on many alerts, whether its verb is known to us or not. */
const BULK = /\/alerts\/(?![0-9a-f]{24}\/)[^/]+\//;

/**
 * Last check of a bulk request before it is sent: a body without ids would act on every alert of the tenant
 * (docs/defender-api.md 4.10). It checks the serialised body, because that is what is sent.
 * @throws Fault `internal` if the filter does not name 1 to 100 alerts; nothing has been sent then.
 */
export function assertNamedTargets(path: Path, body: string | undefined): void {
  if (!BULK.test(path)) return;
  const ids: unknown = parseBody(body)?.filters?.id?.eq;
  const named = Array.isArray(ids) && ids.length >= 1 && ids.length <= 100 && ids.every(isAlertId);
  if (!named) throw blocked('A bulk change without a list of alert ids');
}

/**
 * Last check of a write before it is sent: its path or body must name an approved item, its filters nothing else.
 * @param approved ids of the items that may be changed
 * @throws Fault `internal`; nothing has been sent then.
 */
export function assertApproved(path: Path, body: string | undefined, approved: ReadonlySet<string>): void {
  const request = parseBody(body);
  const filtered = leavesOf(request?.filters);
  const named = [...path.split('/').map(decodeURIComponent), ...leavesOf(request)];
  if (!named.some((name) => approved.has(name))) throw blocked('A change of no approved item');
  if (!filtered.every((name) => approved.has(name))) throw blocked('A change of an item that was not approved');
}

function isAlertId(id: unknown): boolean {
  return typeof id === 'string' && ALERT_ID.test(id);
}

function parseBody(body: string | undefined) {
  return JSON.parse(body ?? '{}');
}

/** All leaves of a value, as text. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return value === undefined ? [] : [String(value)];
}

function blocked(what: string): Fault {
  return new Fault('internal', `${what} was stopped before it was sent.`);
}
