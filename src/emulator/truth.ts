import { createTenant } from './tenant/tenant.ts';
import type { Truth } from './tenant/truth.ts';

export type { Truth };

/** Any start will do: it moves times, and ids do not depend on it. */
const START = Date.UTC(2026, 0, 1);

/**
 * What is true about each alert of the demo tenant, in the order in which the tenant holds them: for tests only. No
 * route answers it, and nothing else imports it.
 */
export function demoTruth(): Truth[] {
  const truths: Truth[] = [];
  createTenant(START, { judge: (truth) => truths.push(truth) });
  return truths;
}
