/** The window of docs/defender-api.md 2.3, in ms. */
const WINDOW = 60_000;

/**
 * Admits `limit` calls in any rolling minute. The result is 0 if the call is admitted, else whole seconds to wait.
 * A refused call does not count, as in Django REST Framework. A limit of 0 admits all.
 */
export function createThrottle(limit: number): (now: number) => number {
  const admitted: number[] = [];
  return (now) => {
    if (limit === 0) return 0;
    while (admitted[0] !== undefined && admitted[0] <= now - WINDOW) admitted.shift();
    if (admitted[0] !== undefined && admitted.length >= limit) return Math.ceil((admitted[0] + WINDOW - now) / 1000);
    admitted.push(now);
    return 0;
  };
}
