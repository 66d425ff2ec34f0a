import { closestMatch } from 'leven';

/** Says that a name is unknown, and which known name is close to it. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return `Unknown ${kind} ${ascii(JSON.stringify(shown))}${didYouMean(name, known)}`;
}

/** Escapes all but printable ASCII: a name can hold invisible characters or terminal control sequences. */
function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The end of a sentence about an unknown name: `; did you mean x?` if a known name is close, else a full stop. */
export function didYouMean(name: string, known: readonly string[], prefix = ''): string {
  const meant = closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) });
  return meant === undefined ? '.' : `; did you mean ${prefix}${meant}?`;
}
