/** Longest piece of tenant text that leaves in one field, in characters. */
const LONGEST = 400;

const LINE_BREAKS = /[\t\n\v\f\r\u2028\u2029]+/g;
// What a terminal, a log or a model may obey though no person sees it: controls (ANSI's escape among them),
// bidirectional, zero-width and tag characters, fillers, variation selectors, surrogate halves and private use.
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Default_Ignorable_Code_Point}/gu;

/**
 * Text that someone else wrote, made fit to leave: one line, nothing invisible, bounded length.
 * Every mapper passes every string of the tenant through here.
 */
export function plain(text: string, longest = LONGEST): string {
  const line = text.replace(LINE_BREAKS, ' ').replace(UNSEEN, '').replace(/\s+/g, ' ').trim();
  const kept = [...line];
  return kept.length <= longest ? line : `${kept.slice(0, longest).join('')}… (+${kept.length - longest} characters)`;
}

/** `plain` for a field that may hold nothing: absent, empty, or the word "null" (defender-api.md §3.1). */
export function plainIfAny(text: string | undefined, longest?: number): string | undefined {
  return text === undefined || text === '' || text === 'null' ? undefined : plain(text, longest);
}

/** What stands between the fields of our text lines, and what looks like an id. */
const FIELDS = /["\\,;=]|\b(?:policy|user|app|ip) (?:[0-9a-f]{3}|[pua]\d)|[0-9a-f]{8}/i;

/** Tenant text inside a line of ours: cut short, and in quotes where it could be taken for a field of the line. */
export function quoted(text: string, longest: number): string {
  const kept = [...text];
  const short = kept.length <= longest ? text : `${kept.slice(0, longest).join('')}…`;
  return FIELDS.test(short) ? JSON.stringify(short) : short;
}
