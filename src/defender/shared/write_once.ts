import { Fault, toFault } from '../../core/errors.ts';
import type { ReadApi } from '../../http/client.ts';
import type { RouteName } from '../../http/undocumented_routes.ts';

/**
 * Carries out a write that leaves this process once.
 * @returns the fault of a write that failed though it may have been carried out: read the state, never repeat
 * @throws Fault for a write that certainly changed nothing
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

/** Neither the write nor the reading after it told what is true now. */
export function unknownOutcome(write: Fault, reading: Fault): Fault {
  const detail = `${write.detail} It was not repeated, and reading the state back failed too (${reading.code}).`;
  return new Fault(write.code, detail, { retryAfter: write.retryAfter, mayHaveHappened: true });
}

/**
 * Says of a failure on an undocumented route what it can mean: a 404 is an unknown item or an unknown route, a 405 the
 * latter. Nothing else is tried, because a guess at a write is worse than an error (docs/defender-api.md 11.2).
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
    if (error.code === 'not_found' || error.code === 'route_refused') throw new Fault(error.code, detail[error.code]);
    throw error;
  }
}

/** What a person who decides would like to know, or undefined: that it cannot be read must not stop them. */
export async function readOrUndefined<T>(read: () => Promise<T>, canDoWithout = isReading): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    const fault = toFault(error);
    if (canDoWithout(fault)) return undefined;
    throw fault;
  }
}

function isReading({ code }: Fault): boolean {
  return code !== 'cancelled' && code !== 'internal';
}

/** The tenant has no such route, or no such item. */
export function isNotServed({ code }: Fault): boolean {
  return code === 'not_found' || code === 'route_refused';
}
