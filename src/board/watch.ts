import type { Host } from './host.ts';
import { readValue } from './server.ts';
import type { Store } from './state.ts';

/** How long the server may hold a call, s; far below the time after which clients give up. */
const WAIT_S = 20;
/** For how long a board is kept up to date, ms: one that is forgotten in a long chat must not call for ever. */
const LONGEST_MS = 30 * 60_000;
/** The least time between two calls, ms, should the server not hold them. */
const LEAST_MS = 1_000;

/** Waits for new alerts, as long as somebody can see the board. The first failure ends it, as nobody asked for it. */
export async function watch(host: Host, store: Store, addNews: () => Promise<void>): Promise<void> {
  if (store.get().isWatching) return;
  store.set({ isWatching: true });
  const end = Date.now() + LONGEST_MS;
  let cursor: unknown;
  try {
    while (Date.now() < end) {
      await seen();
      const args = cursor === undefined ? { wait_seconds: 0 } : { wait_seconds: WAIT_S, cursor };
      const { alerts, cursor: next } = await readValue(host, 'mdca_wait_for_alerts', args);
      cursor = next;
      if (Array.isArray(alerts) && alerts.length > 0) await addNews();
      await new Promise((resolve) => setTimeout(resolve, LEAST_MS));
    }
  } catch {
    // The button that reads the list again is still there.
  }
  store.set({ isWatching: false });
}

/** Resolves at once, or when the page is shown again. */
function seen(): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (document.visibilityState !== 'visible') return;
      document.removeEventListener('visibilitychange', look);
      resolve();
    };
    document.addEventListener('visibilitychange', look);
    look();
  });
}
