import { type Code, Fault } from '../../core/errors.ts';

/** What helps with failures of one operation, besides what helps with every failure of that code. */
export type Remedies = Readonly<Partial<Record<Code, string>>>;

/** For lists that take `limit`. */
export const FEWER_ITEMS: Remedies = { too_large: 'Ask for fewer items with limit.' };

/** Runs an operation, and adds its own remedy to what it fails with. */
export async function withRemedies<T>(remedies: Remedies, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    const own = error instanceof Fault ? remedies[error.code] : undefined;
    throw error instanceof Fault && own !== undefined ? advised(error, own) : error;
  }
}

/** The same fault with one more remedy. */
function advised(fault: Fault, remedy: string): Fault {
  return new Fault(fault.code, fault.detail, { ...fault, remedy: `${fault.remedy} ${remedy}` });
}
