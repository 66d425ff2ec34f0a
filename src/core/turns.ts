/** How long work may go on before signals, timers and messages are handled, ms. */
const LONGEST_TURN_MS = 10;

/** Resolves after signals, timers and messages that wait have been handled. */
export function nextTurn(): Promise<void> {
  return new Promise((resolve) => void setImmediate(resolve));
}

/** Maps as `Array.map` does, and lets others have their turn where that takes long. */
export async function mapInTurns<T, U>(items: readonly T[], map: (item: T) => U): Promise<U[]> {
  const mapped: U[] = [];
  let turnBegan = performance.now();
  for (const item of items) {
    if (performance.now() - turnBegan > LONGEST_TURN_MS) {
      await nextTurn();
      turnBegan = performance.now();
    }
    mapped.push(map(item));
  }
  return mapped;
}
