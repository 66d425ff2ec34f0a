import { toText, withoutMarkup } from './html.ts';

/** Longest piece of tenant text that leaves in one field, in characters. */
const LONGEST = 400;
/** Shortest cap: what says how many characters were left out needs room itself. */
const SHORTEST = 40;
/** How much of a text is read for each character that may leave; what is invisible or markup takes its share. */
const READ_AHEAD = 8;
const LEAST_READ = 8192;
/** Layers of HTML in HTML that are taken off; deeper ones are somebody's trick. */
const LAYERS = 4;

/** Tab, line feed, vertical tab, form feed and carriage return are a range. */
const LINE_BREAKS = /[\t-\r\u2028\u2029]+/gu;
const [BELL, ESC] = ['\\u0007', '\\u001b'];
// A run of escapes is tried from its beginning alone: from each member it would be quadratic.
const ESCAPES = `(?<!${ESC})${ESC}+`;
/** What a terminal obeys: strings that name windows and links, then colours and cursors, then character sets. */
const ANSI = new RegExp(
  `(?:${ESC}[P\\]X^_]|[\\x90\\x98\\x9d-\\x9f])[^${BELL}${ESC}\\x90\\x98\\x9b-\\x9f]*(?:${BELL}|${ESC}\\\\|\\x9c)` +
    `|(?:${ESCAPES}\\[|\\x9b)[0-?]*[ -/]*[@-~]|${ESCAPES}[#%(-/]+[0-~]`,
  'gu',
);
// What a terminal, a log or a model may obey though no person sees it: controls, bidirectional, zero-width and tag
// characters, fillers, variation selectors, surrogate halves and private use.
const UNSEEN = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Default_Ignorable_Code_Point}/gu;

/** Live pieces and what becomes of them. None matches again after that, wherever the text is cut. */
const LIVE: readonly (readonly [RegExp, string])[] = [
  // A quotation mark may get a backslash before it in a line of ours.
  [/(?<=h)tt(?=ps?:[/\\"])/giu, 'xx'],
  [/(?<=f)t(?=p:[/\\"])/giu, 'x'],
  [/(?<=[a-z\d+.-])(?<!hxxps?|fxp):(?=\/\/)/giu, '[:]'],
  [/(?<=(?<![a-z\d])(?:javascript|vbscript|data|blob|file|mailto|xmpp)):(?=[^\s…])/giu, '[:]'],
  // Not inside a name of a host, but www.www. as a whole.
  [/(?<=(?<![a-z\d@-]|(?:^|[^w])\.)www)\./giu, '[.]'],
  // All that is left of HTML, at the end of a text: ours may go on behind it.
  [/<(?=[a-z/!?])/giu, '‹'],
  // Markdown's links and definitions; but `[::1]:443` is an address.
  [/\](?=[([]|:(?![\d…]))/gu, '] '],
  [/``(?=`)|~~(?=~)/gu, '$& '],
];

/**
 * Where `sanitize` may have something to do: anything but printable ASCII, and of that & : < ] ` ~, spaces that would
 * be dropped, and what may be www. Most texts have none of it and leave as they came.
 */
const SUSPECT = /[^ !-%'-9;=-\\^_a-}]|^ | {2}| $|[wW]\./;

/**
 * Text that someone else wrote, made fit to leave: one line, nothing invisible, no terminal sequence, no HTML, no live
 * link or fence of Markdown, at most `longest` characters (40 at least). Never throws; a second time changes nothing.
 * Every mapper passes every string of the tenant through here.
 */
export function sanitize(text: string, longest = LONGEST): string {
  if (text.length <= Math.max(SHORTEST, longest) && !SUSPECT.test(text)) return text;
  const read = text.slice(0, Math.max(LEAST_READ, READ_AHEAD * longest));
  const line = inert(withoutHtml(visible(read)))
    .replace(/\s+/gu, ' ')
    .trim();
  return capped(line, text.slice(read.length), Math.max(SHORTEST, longest));
}

/** What is there to see of a text, with its lines: for what a person writes and others will read. */
export function stripInvisible(text: string): string {
  return text.split('\n').map(visible).join('\n');
}

/** `sanitize` for a field that may hold nothing: absent, empty, or the word "null" (docs/defender-api.md 4.2). */
export function sanitizeOptional(text: string | undefined, longest?: number): string | undefined {
  const line = sanitize(text ?? '', longest);
  return line === '' || line === 'null' ? undefined : line;
}

function visible(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replace(ANSI, '').replace(UNSEEN, '');
}

/** Layer by layer, as `&amp;lt;b&gt;` becomes a tag only when it is read again. */
function withoutHtml(text: string): string {
  let layer = text;
  for (let n = 0; n <= LAYERS; n++) {
    if (!/[<&]/u.test(layer)) return layer;
    const next = visible(toText(layer));
    if (next === layer) return layer;
    layer = next;
  }
  return withoutMarkup(layer);
}

function inert(text: string): string {
  return LIVE.reduce((safe, [live, dead]) => safe.replace(live, dead), text);
}

/** @param unread what was not even read; it counts among what is left out */
function capped(line: string, unread: string, longest: number): string {
  if (unread === '' && line.length <= longest) return line;
  const characters = [...line];
  const all = characters.length + lengthOf(unread);
  if (unread === '' && all <= longest) return line;
  const kept = characters.slice(0, longest - leftOut(all).length);
  return kept.join('') + leftOut(all - kept.length);
}

function leftOut(count: number): string {
  return `… (+${count} characters)`;
}

/** In characters, second halves of pairs not counted; without an array of them, as a text may have millions. */
function lengthOf(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) length++;
  return length;
}

/** What could be taken for another field of our text lines; one by one, as together they take twice the time. */
const FIELDS: readonly RegExp[] = [
  // What stands between fields, and words of ours.
  /[\p{Cc}"\\,;=]/u,
  /\b(?:policy|user|app|ip|org) |anonymous proxy|^failed$/,
  // Ids, addresses and counts.
  /[\da-fA-F]{8}/,
  /\b\d{5}|[+(]\d|(?:\d+\.){3}\d/,
  // The signs, severities, times and countries of the lines of alerts, which are told from words by their case.
  /\b[PUA]\d|^(?:low|medium|high|informational)\b|^\d\d:\d\d| [A-Z]{2}$/,
];

/** Tenant text inside a line of ours: cut short, and in quotes where it could be taken for a field of the line. */
export function quoteField(text: string, longest: number): string {
  const kept = text.length > longest ? [...text] : [];
  const short = kept.length <= longest ? text : `${kept.slice(0, longest).join('')}…`;
  return FIELDS.some((field) => field.test(short)) ? JSON.stringify(short) : short;
}

/** An id, address or code of the tenant inside a line of ours: whole, and in quotes unless it is one plain word. */
export function quoteId(id: string): string {
  return /^(?![PUA]\d+$)[\w.@:-]+$/u.test(id) ? id : JSON.stringify(id);
}
