import type { Poll } from '../tool/source.ts';

/** How long a subscriber waits for the first read, ms. */
const PATIENCE_MS = 20_000;

/**
 * Calls back whenever what a poll answers has changed, until the returned function is called. Resolves when the present
 * answer is known, or after `patience` ms.
 */
export async function subscribe(
  poll: Poll,
  query: unknown,
  changed: () => void,
  patience = PATIENCE_MS,
): Promise<() => void> {
  let known: unknown;
  let isKnown = false;
  const leave = poll.join(query, (page) => {
    if (isKnown && page !== known) changed();
    known = page;
    isKnown = true;
  });
  // Where the first read fails or takes long, the content counts as changed as soon as it can be read.
  await poll.now(query, AbortSignal.timeout(patience)).catch(() => {});
  isKnown = true;
  return leave;
}
