import { Fault } from '../errors.ts';
import type { Path } from '../path.ts';

const ALERT_ID = /^[0-9a-f]{24}$/;
const BULK = /\/alerts\/(?:close_[a-z_]+|dismiss_bulk|resolve|reopen)\/$/;

/**
 * The last look at a bulk write before it is sent: a body without ids would act on every alert of the tenant
 * (defender-api.md §8.1). It reads the serialised text, so that nothing can hide an empty filter.
 * @throws Fault `internal` when the filter does not name 1 to 100 alerts; nothing has been sent then.
 */
export function assertNamedTargets(path: Path, body: string | undefined): void {
  if (!BULK.test(path)) return;
  const ids: unknown = JSON.parse(body ?? '{}')?.filters?.id?.eq;
  const named = Array.isArray(ids) && ids.length >= 1 && ids.length <= 100 && ids.every(isAlertId);
  if (!named) throw new Fault('internal', 'A bulk change without a list of alert ids was stopped before it was sent.');
}

function isAlertId(id: unknown): boolean {
  return typeof id === 'string' && ALERT_ID.test(id);
}
