import { closestMatch } from 'leven';

/** Says that a name is unknown, and which one was probably meant. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return `Unknown ${kind} ${JSON.stringify(shown)}${didYouMean(name, known)}`;
}

/** The end of a sentence about an unknown name: `; did you mean x?` where that can be told, else a full stop. */
export function didYouMean(name: string, known: readonly string[], prefix = ''): string {
  const meant = closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) });
  return meant === undefined ? '.' : `; did you mean ${prefix}${meant}?`;
}
