/** Tells deliveries that are new from those that come again, and hands the new ones to everybody who serves readers. */
export interface Deliveries {
  /** @returns whether it is new. @throws Fault if that cannot be told; the sender then tries again */
  take(id: string, item: unknown): Promise<boolean>;
}

/** The most ids that are remembered. */
const MOST_IDS = 10_000;

/** Of this process alone. @param deliver is given each new item */
export function createLocalDeliveries(deliver: (item: unknown) => void): Deliveries {
  const known = new Set<string>();
  return {
    async take(id, item) {
      if (known.has(id)) return false;
      known.add(id);
      const [oldest = ''] = known;
      if (known.size > MOST_IDS) known.delete(oldest);
      deliver(item);
      return true;
    },
  };
}
