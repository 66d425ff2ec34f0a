import type { Poll } from '../tool/source.ts';

/** How long a subscriber waits for the first read, ms. */
const PATIENCE_MS = 20_000;

/**
 * Calls back whenever the poll's answer to the query changes, until the returned function is called. That there is no
 * answer any more counts as a change when two reads in a row say so: one alone may come from a service that has failed
 * to look. Resolves when the first read has ended, or after `patience` ms.
 */
export async function subscribe(
  poll: Poll,
  query: unknown,
  changed: () => void,
  patience = PATIENCE_MS,
): Promise<() => void> {
  let known: unknown;
  let isKnown = false;
  let isGone = false;
  const leave = poll.join(query, (page) => {
    const isDoubtful = page === undefined && !isGone && known !== undefined;
    isGone = page === undefined;
    if (isDoubtful) return;
    if (isKnown && page !== known) changed();
    known = page;
    isKnown = true;
  });
  // If the first read fails or takes too long, the first content that can be read counts as a change.
  await poll.now(query, AbortSignal.timeout(patience)).catch(() => {});
  isKnown = true;
  return leave;
}
