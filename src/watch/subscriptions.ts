import type { ArrivalRules, Poll } from '../tool/source.ts';

/** How long a subscriber waits for the first read, ms. */
const PATIENCE_MS = 20_000;
/** The most items that are remembered until a read shows them. */
const MOST_TOLD = 100;

export interface SubscribeOptions {
  /** What an item that comes without a read means. */
  readonly arrival?: ArrivalRules<unknown, unknown> | undefined;
  readonly patience?: number;
}

/**
 * Calls back whenever the poll's answer to the query changes, until the returned function is called. That there is no
 * answer any more counts as a change when two reads in a row say so: one alone may come from a service that has failed
 * to look. What has come without a read is told at once, and not again when a read shows it. Resolves when the first
 * read has ended, or after `patience` ms.
 */
export async function subscribe(
  poll: Poll,
  query: unknown,
  changed: () => void,
  { arrival, patience = PATIENCE_MS }: SubscribeOptions = {},
): Promise<() => void> {
  let known: unknown;
  let isKnown = false;
  let isGone = false;
  let told: readonly unknown[] = [];
  let { last } = poll.arrivals.after(0);
  const leave = poll.join(query, (page) => {
    const isDoubtful = page === undefined && !isGone && known !== undefined;
    isGone = page === undefined;
    if (isDoubtful) return;
    if (isKnown && page !== known) {
      const others = told.length > 0 ? arrival?.explain(known, page, told) : undefined;
      if (others) told = others;
      else changed();
    }
    known = page;
    isKnown = true;
  });
  const forget = poll.arrivals.listen(() => {
    const arrived = poll.arrivals.after(last);
    last = arrived.last;
    const concerning = arrived.items.filter((item) => arrival?.concerns(query, known, item));
    if (concerning.length === 0) return;
    told = [...told, ...concerning].slice(-MOST_TOLD);
    changed();
  });
  // If the first read fails or takes too long, the first content that can be read counts as a change.
  await poll.now(query, AbortSignal.timeout(patience)).catch(() => {});
  isKnown = true;
  return () => {
    leave();
    forget();
  };
}
