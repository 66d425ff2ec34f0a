import { sanitize } from '../../text/sanitize.ts';

/** Bounds of a record of unknown shape. They count members and not characters, so that no text can push another out. */
const MOST_VALUES = 80;
const MOST_LEVELS = 6;
const LONGEST_TEXT = 120;
const LEFT_OUT = '…';

/** An app's own record as JSON: texts harmless and cut, and what is beyond the bounds told as left out. */
export function toRawText(record: unknown): string {
  return JSON.stringify(shortened(record, { values: MOST_VALUES }, MOST_LEVELS));
}

function shortened(value: unknown, left: { values: number }, levels: number): unknown {
  left.values -= 1;
  if (typeof value === 'object' && value !== null) {
    return levels === 0 ? LEFT_OUT : shortenedMembers(value, left, levels);
  }
  return typeof value === 'string' ? sanitize(value, LONGEST_TEXT) : value;
}

function shortenedMembers(record: object, left: { values: number }, levels: number): unknown {
  const members: [string, unknown][] = [];
  const all = Object.entries(record);
  for (const [key, member] of all) {
    if (left.values <= 0) break;
    members.push([sanitize(key, LONGEST_TEXT), shortened(member, left, levels - 1)]);
  }
  const more = all.length - members.length;
  if (more > 0) members.push([LEFT_OUT, `${more} more`]);
  return Array.isArray(record) ? members.map(([, member]) => member) : Object.fromEntries(members);
}
