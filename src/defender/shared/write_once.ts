import { CODES, Fault, toFault } from '../../core/errors.ts';
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

/** The Fault for a write whose outcome is unknown, because reading the state back failed too. */
export function unknownOutcome(writeFault: Fault, readFault: Fault): Fault {
  const detail = `${writeFault.detail} It was not repeated, and reading the state back failed too (${readFault.code}).`;
  return new Fault(writeFault.code, detail, { retryAfter: writeFault.retryAfter, mayHaveHappened: true });
}

/**
 * The Fault for a write that failed, if reading the state back shows no change and the same call would fail again;
 * otherwise undefined.
 */
export function refusalOf(writeFault: Fault | undefined): Fault | undefined {
  if (!writeFault || CODES[writeFault.code].retry !== 'no') return undefined;
  const detail = `${writeFault.detail} It was not repeated, and reading afterwards shows no change.`;
  return new Fault(writeFault.code, detail, { ...writeFault, mayHaveHappened: false });
}

/**
 * Explains a failure on an undocumented route: a 404 means an unknown item or an unknown route, a 405 means an unknown
 * route. No other route is tried, because a guess at a write is worse than an error (docs/defender-api.md 11.2).
 */
export async function onRoute<T>(
  api: ReadApi,
  name: RouteName,
  id: string | number,
  run: (path: ReturnType<ReadApi['routes']>) => Promise<T>,
) {
  const path = api.routes(name, id);
  try {
    return await run(path);
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    const route = `${path} (set by ${name})`;
    const detail = {
      not_found: `There is no item ${id}, or this tenant does not serve the route ${route}.`,
      route_refused: `This tenant did not accept the route ${route}.`,
    };
    if (error.code !== 'not_found' && error.code !== 'route_refused') throw error;
    throw new Fault(error.code, detail[error.code], { ...error });
  }
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

/** The tenant has no such route, or no such item. */
export function isNotServed({ code }: Fault): boolean {
  return code === 'not_found' || code === 'route_refused';
}
