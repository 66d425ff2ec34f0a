import type { Spread } from './stats.ts';

/** With three digits, or all before the point: more digits would be noise. */
export function figure(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en-US');
  return value === 0 ? '0' : value.toFixed(value >= 10 ? 1 : value >= 1 ? 2 : 3);
}

/** The median, and the quartiles behind it. */
export function spread({ median, low, high }: Spread): string {
  return `${figure(median)} (${figure(low)} to ${figure(high)})`;
}

export const spreadIfAny = (value: Spread | undefined): string => (value ? spread(value) : 'not measured');

export const command = (section: string): string => `\`npm run bench -- --only ${section}\``;

/** @param words how many of the first columns hold words; the others hold figures, aligned to the right */
export function table(words: number, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const alignment = head.map((_, column) => (column < words ? '---' : '--:'));
  return [head, alignment, ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
