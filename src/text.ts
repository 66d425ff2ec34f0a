/** Longest piece of tenant text that leaves in one field, in UTF-16 units. */
const LONGEST = 400;

// What a terminal, a log or a model may obey though no person sees it: controls (ANSI's escape among them),
// bidirectional, zero-width and tag characters, surrogate halves, private use, fillers and variation selectors.
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Variation_Selector}|\u115F|\u1160|\u17B4|\u17B5|\u3164|\uFFA0/gu;

/**
 * Text that someone else wrote, made fit to leave: one line, nothing invisible, bounded length.
 * Every mapper passes every string of the tenant through here.
 */
export function plain(text: string, longest = LONGEST): string {
  const line = text.replace(/\s+/g, ' ').replace(UNSEEN, '').trim();
  const kept = [...line];
  return kept.length <= longest ? line : `${kept.slice(0, longest).join('')}… (+${kept.length - longest} characters)`;
}

/** `plain` for a field that may hold nothing: absent, empty, or the word "null" (defender-api.md §3.1). */
export function plainIfAny(text: string | undefined, longest?: number): string | undefined {
  return text === undefined || text === '' || text === 'null' ? undefined : plain(text, longest);
}
