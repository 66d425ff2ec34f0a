/** Picks one member; the same number always picks the same one. */
export function pick<T>(from: readonly T[], number: number): T {
  const chosen = from[number % from.length];
  if (chosen === undefined) throw new Error('nothing to pick from');
  return chosen;
}
