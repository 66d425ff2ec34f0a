import type { Arrivals } from '../tool/source.ts';

/** The most that are kept for readers who come later. A reader whose cursor is older finds the rest by polling. */
const MOST_KEPT = 1_000;

export function createArrivals<Item>(): Arrivals<Item> {
  const listeners = new Set<() => void>();
  let kept: readonly Item[] = [];
  let last = 0;
  return {
    push(item) {
      kept = [...kept, item].slice(-MOST_KEPT);
      last++;
      for (const tell of [...listeners]) tell();
    },
    after: (number) => ({ items: kept.slice(Math.max(0, kept.length - (last - number))), last }),
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
