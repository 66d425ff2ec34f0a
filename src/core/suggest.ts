import { closestMatch } from 'leven';

/** Says that a name is unknown, and which known name is close to it. */
export function unknownName(kind: string, name: string, known: readonly string[]): string {
  const shown = name.length > 60 ? `${name.slice(0, 60)}…` : name;
  return `Unknown ${kind} ${ascii(JSON.stringify(shown))}${didYouMean(name, known)}`;
}

/** How many characters of a text that may be a secret can be quoted. */
const HARMLESS = 3;

/**
 * `unknownName` for what an operator has typed or pasted. It may be a secret in the wrong place, so it is quoted only
 * if it is part of a known name, or all but three of its characters are of one. Else `place` tells which it is.
 */
export function unknownInput(kind: string, input: string, known: readonly string[], place: string): string {
  const lower = input.toLowerCase();
  const lowerKnown = ['', ...known.map((name) => name.toLowerCase())];
  const isHarmless =
    lowerKnown.some((name) => name.includes(lower)) ||
    closestMatch(lower, lowerKnown, { maxDistance: HARMLESS }) !== undefined;
  if (isHarmless) return unknownName(kind, input, known);
  return `Unknown ${kind} (${place}; not quoted, as it may be a secret)${didYouMean(input, known)}`;
}

/** Escapes all but printable ASCII: a name can hold invisible characters or terminal control sequences. */
function ascii(json: string): string {
  return json.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The end of a sentence about an unknown name: `; did you mean x?` if a known name is close, else a full stop. */
export function didYouMean(name: string, known: readonly string[], prefix = ''): string {
  const bare = (text: string) => text.replace(/_ids?$/, '');
  const close = closestMatch(name, known, { maxDistance: Math.max(2, Math.floor(name.length / 3)) });
  const meant = close ?? known.find((word) => bare(word) === bare(name));
  return meant === undefined ? '.' : `; did you mean ${prefix}${meant}?`;
}
