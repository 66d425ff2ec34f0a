import { toText, withoutMarkup } from './html.ts';

/** Default limit for tenant text in one field, in characters. */
const DEFAULT_LIMIT = 400;
/** Smallest limit: the note that says how many characters were left out needs room too. */
const MIN_LIMIT = 40;
/** Characters of input to read per character of output, because markup and invisible characters are removed. */
const READ_AHEAD = 8;
const MIN_READ = 8192;
/** How many layers of HTML inside HTML are decoded; only an attacker would nest more. */
const MAX_NESTED_LAYERS = 4;

/** Tab, line feed, vertical tab, form feed and carriage return are a range. */
const LINE_BREAKS = /[\t-\r\u2028\u2029]+/gu;
const [BELL, ESC] = ['\\u0007', '\\u001b'];
// Match a run of ESC only from its first character: trying from each would take quadratic time.
const ESCAPES = `(?<!${ESC})${ESC}+`;
/** Terminal sequences: strings that set titles and links, then colours and cursor moves, then character sets. */
const ANSI = new RegExp(
  `(?:${ESC}[P\\]X^_]|[\\x90\\x98\\x9d-\\x9f])[^${BELL}${ESC}\\x90\\x98\\x9b-\\x9f]*(?:${BELL}|${ESC}\\\\|\\x9c)` +
    `|(?:${ESCAPES}\\[|\\x9b)[0-?]*[ -/]*[@-~]|${ESCAPES}[#%(-/]+[0-~]`,
  'gu',
);
// Characters that nobody sees, but that a terminal, a log or a model may act on: controls, bidirectional, zero-width
// and tag characters, fillers, variation selectors, surrogate halves, unassigned and private use.
const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Default_Ignorable_Code_Point}/gu;

/** What a client may show as a link or a format, and its replacement. Wherever a text is cut, none matches again. */
const ACTIVE: readonly (readonly [RegExp, string])[] = [
  // A quotation mark counts too, because quoting it in a line of ours puts a backslash before it.
  [/(?<=h)tt(?=ps?:[/\\"])/giu, 'xx'],
  [/(?<=f)t(?=p:[/\\"])/giu, 'x'],
  [/(?<=[a-z\d+.-])(?<!hxxps?|fxp):(?=\/\/)/giu, '[:]'],
  [/(?<=(?<![a-z\d])(?:javascript|vbscript|data|blob|file|mailto|xmpp)):(?=[^\s…])/giu, '[:]'],
  // Only at the start of a host name; in `www.www.` both dots.
  [/(?<=(?<![a-z\d@-]|(?:^|[^w])\.)www)\./giu, '[.]'],
  // Only a trailing `</` is left of HTML: our own text may follow and complete a tag.
  [/<(?=[a-z/!?])/giu, '‹'],
  // Markdown links and link definitions; `[::1]:443` is an address and stays.
  [/\](?=[([]|:(?![\d…]))/gu, '] '],
  [/``(?=`)|~~(?=~)/gu, '$& '],
];

/**
 * Finds what `sanitize` may have to change: all but printable ASCII, and of that & : < ] ` ~, spaces that would be
 * dropped, and what may be `www.`. Most texts have nothing of this and are returned as they are.
 */
const SUSPECT = /[^ !-%'-9;=-\\^_a-}]|^ | {2}| $|[wW]\./;

/**
 * Makes text that someone else wrote safe to output: one line, nothing invisible, no terminal sequence, no HTML, no
 * active link or code fence, at most `longest` characters (40 at least). Never throws; a second run changes nothing.
 * Every mapper must pass text of the tenant through here.
 */
export function sanitize(text: string, longest = DEFAULT_LIMIT): string {
  if (text.length <= Math.max(MIN_LIMIT, longest) && !SUSPECT.test(text)) return text;
  const read = text.slice(0, Math.max(MIN_READ, READ_AHEAD * longest));
  const line = withoutActive(withoutHtml(withoutInvisible(read)))
    .replace(/\s+/gu, ' ')
    .trim();
  return capped(line, text.slice(read.length), Math.max(MIN_LIMIT, longest));
}

/** Removes invisible characters and keeps line feeds, for text of the caller that others will read. */
export function stripInvisible(text: string): string {
  return text.split('\n').map(withoutInvisible).join('\n');
}

/** `sanitize` for a field that may hold nothing: absent, empty, or the word "null" (docs/defender-api.md 4.2). */
export function sanitizeOptional(text: string | undefined, longest?: number): string | undefined {
  const line = sanitize(text ?? '', longest);
  return line === '' || line === 'null' ? undefined : line;
}

function withoutInvisible(text: string): string {
  return text.replace(LINE_BREAKS, ' ').replace(ANSI, '').replace(INVISIBLE, '');
}

/** Works layer by layer, because `&amp;lt;b&gt;` becomes a tag only after it has been decoded. */
function withoutHtml(text: string): string {
  let layer = text;
  for (let n = 0; n <= MAX_NESTED_LAYERS; n++) {
    if (!/[<&]/u.test(layer)) return layer;
    const next = withoutInvisible(toText(layer));
    if (next === layer) return layer;
    layer = next;
  }
  return withoutMarkup(layer);
}

function withoutActive(text: string): string {
  return ACTIVE.reduce((safe, [pattern, replacement]) => safe.replace(pattern, replacement), text);
}

/** @param unread input beyond what was read; it counts as left out */
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

/** Counts characters, each surrogate pair as one; without an array, because a text may have millions. */
function lengthOf(text: string): number {
  let length = 0;
  for (let at = 0; at < text.length; at++) if ((text.charCodeAt(at) & 0xfc00) !== 0xdc00) length++;
  return length;
}

/** What could be taken for another field of our text lines. One pattern for all would take twice the time. */
const FIELDS: readonly RegExp[] = [
  // Separators between fields, and our own words.
  /[\p{Cc}"\\,;=]/u,
  /\b(?:policy|user|app|ip|org) |anonymous proxy|^failed$/,
  // Ids, addresses and counts.
  /[\da-fA-F]{8}/,
  /\b\d{5}|[+(]\d|(?:\d+\.){3}\d|:[\da-fA-F]{0,4}:/,
  // Aliases, severities, times and countries in lines of alerts; only their case tells them from words.
  /\b[PUAS]\d|^(?:low|medium|high|informational)\b|^\d\d:\d\d|(?:^| )[A-Z]{2}$/,
];

/** Tenant text for a line of ours: in quotes if it could be taken for another field, and cut if too long. */
export function quoteField(text: string, longest = Number.POSITIVE_INFINITY): string {
  const kept = text.length > longest ? [...text] : [];
  const short = kept.length <= longest ? text : `${kept.slice(0, longest).join('')}…`;
  return FIELDS.some((field) => field.test(short)) ? JSON.stringify(short) : short;
}

/** An id, address or code of the tenant for a line of ours: whole, and in quotes unless it is one plain word. */
export function quoteId(id: string): string {
  return /^(?![PUAS]\d+$)[\w.@:-]+$/u.test(id) ? id : JSON.stringify(id);
}
