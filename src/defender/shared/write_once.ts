import { Fault, toFault } from '../../core/errors.ts';
import type { ReadApi } from '../../http/client.ts';
import type { RouteName } from '../../http/undocumented_routes.ts';

/**
 * Runs a write once.
 * @returns the Fault if the write failed but the service may have carried it out: read the state, never repeat
 * @throws every other error; a Fault then means that the write changed nothing
 */
export async function writeOnce(write: () => Promise<unknown>): Promise<Fault | undefined> {
  try {
    await write();
    return undefined;
  } catch (error) {
    if (error instanceof Fault && error.mayHaveHappened) return error;
    throw error;
  }
}

/** Tells of a write that failed, where the answer is the state that was read afterwards. */
export function afterFailure({ code, detail, remedy }: Fault, hasChanged: boolean): string {
  const told = `The request failed (${code}) and was not repeated; this is the state read afterwards. ${detail}`;
  return hasChanged ? told : `${told} What may help: ${remedy}`;
}

/** The Fault for a write whose outcome is unknown, because reading the state back failed too. */
export function unknownOutcome(writeFault: Fault, readFault: Fault): Fault {
  const detail = `${writeFault.detail} It was not repeated, and reading the state back failed too (${readFault.code}).`;
  return new Fault(writeFault.code, detail, { ...writeFault, mayHaveHappened: true });
}

/**
 * The Fault for a write that failed, if reading the state back shows no change and the same call would fail again;
 * otherwise undefined.
 */
export function refusalOf(writeFault: Fault | undefined): Fault | undefined {
  if (writeFault?.retry !== 'no') return undefined;
  const detail = `${writeFault.detail} It was not repeated, and reading afterwards shows no change.`;
  return new Fault(writeFault.code, detail, { ...writeFault, mayHaveHappened: false });
}

/**
 * Explains a failure on an undocumented route: a 404 means an unknown item or an unknown route, a 405 means an unknown
 * route. No other route is tried, because a guess at a write is worse than an error (docs/defender-api.md 11.2).
 * @param id undefined for a route that is not of one item
 */
export async function onRoute<T>(
  api: ReadApi,
  name: RouteName,
  id: string | number | undefined,
  run: (path: ReturnType<ReadApi['routes']>) => Promise<T>,
) {
  const path = api.routes(name, id ?? '');
  try {
    return await run(path);
  } catch (error) {
    if (!(error instanceof Fault && isNotServed(error))) throw error;
    const route = `the route ${path} (set by ${name})`;
    const remedy = `${error.remedy} Or set ${name} to the route of your tenant.`;
    throw new Fault(error.code, routeDetail(error, id, route), { ...error, remedy });
  }
}

function routeDetail({ code, detail }: Fault, id: string | number | undefined, route: string): string {
  const noItem = id === undefined ? 'This' : `There is no item ${id}, or this`;
  if (code === 'not_found') return `${noItem} tenant does not serve ${route}.`;
  if (code === 'route_refused') return `This tenant did not accept ${route}.`;
  return `${detail} This tenant may not serve ${route}.`;
}

/** Reads optional context for the confirmation; undefined if that fails with a fault that may be ignored. */
export async function readOrUndefined<T>(read: () => Promise<T>, isIgnorable = isReadFailure): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const fault = toFault(error);
    if (isIgnorable(fault)) return undefined;
    throw fault;
  }
}

function isReadFailure({ code }: Fault): boolean {
  return code !== 'cancelled' && code !== 'internal';
}

/** The tenant has no such route, or no such item; or something before it said so. */
export function isNotServed({ status }: Fault): boolean {
  return status === 404 || status === 405;
}
