import { Fault } from '../core/errors.ts';
import type { Path } from '../core/path.ts';

const ALERT_ID = /^[0-9a-f]{24}$/;
/** Below the alerts, whatever is not one alert acts on many: known verbs and any that are not known yet. */
const BULK = /\/alerts\/(?![0-9a-f]{24}\/)[^/]+\//;

/**
 * The last look at a bulk request before it is sent: a body without ids would act on every alert of the tenant
 * (docs/defender-api.md 4.10). It reads the serialised text, so that nothing can hide an empty filter.
 * @throws Fault `internal` when the filter does not name 1 to 100 alerts; nothing has been sent then.
 */
export function assertNamedTargets(path: Path, body: string | undefined): void {
  if (!BULK.test(path)) return;
  const ids: unknown = parsed(body)?.filters?.id?.eq;
  const named = Array.isArray(ids) && ids.length >= 1 && ids.length <= 100 && ids.every(isAlertId);
  if (!named) throw stopped('A bulk change without a list of alert ids');
}

/**
 * The last look at a write: it must name an item that was approved, in its path or its body, and filter for no other.
 * @param approved ids of the items that may be changed
 * @throws Fault `internal`; nothing has been sent then.
 */
export function assertApproved(path: Path, body: string | undefined, approved: ReadonlySet<string>): void {
  const request = parsed(body);
  const filtered = leavesOf(request?.filters);
  const named = [...path.split('/').map(decodeURIComponent), ...leavesOf(request)];
  if (!named.some((name) => approved.has(name))) throw stopped('A change of no approved item');
  if (!filtered.every((name) => approved.has(name))) throw stopped('A change of an item that was not approved');
}

function isAlertId(id: unknown): boolean {
  return typeof id === 'string' && ALERT_ID.test(id);
}

/** What a serialised body holds; what decides here is what will be sent. */
function parsed(body: string | undefined) {
  return JSON.parse(body ?? '{}');
}

/** Every text, number and switch in a value, as text. */
function leavesOf(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(leavesOf);
  return value === undefined ? [] : [String(value)];
}

function stopped(what: string): Fault {
  return new Fault('internal', `${what} was stopped before it was sent.`);
}
