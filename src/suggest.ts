import { closestMatch } from 'leven';

/** Says that a name is unknown, and which one was probably meant. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const shown = JSON.stringify(name.length > 60 ? `${name.slice(0, 60)}…` : name);
  const meant = closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) });
  return meant === undefined ? `Unknown ${kind} ${shown}.` : `Unknown ${kind} ${shown}; did you mean ${meant}?`;
}
