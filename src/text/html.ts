import { type Token, Tokenizer, TokenizerMode } from 'parse5';

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements inside a line of text: their tags are removed without a space. */
const INLINE = names(
  'a abbr acronym b bdi bdo big blink cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s ' +
    'samp slot small span strike strong sub sup time tt u var wbr',
);
/** Elements that end a line or hold something other than text: each of their tags becomes a space. */
const BLOCK = names(
  'address applet area article aside audio base basefont blockquote body br button canvas caption center ' +
    'col colgroup datalist dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame ' +
    'frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html input legend li link listing main map marquee math ' +
    'menu menuitem meta meter nav ol optgroup option output p param picture plaintext pre progress search ' +
    'section select source summary svg table tbody td textarea tfoot th thead tr track ul video xmp',
);
/** Elements whose contents a browser does not show as text. */
const HIDDEN = names('iframe noembed noframes noscript object script style template title');

/** An unfinished tag: from the first `<` that begins a tag to the end of the text. */
const UNFINISHED = /<\/?[a-z].*$/isu;

const NO_ELEMENTS = names('');

/**
 * Reduces one layer of HTML to its text: removes tags, comments and hidden contents, and decodes entities once.
 * Keeps as text, with ‹ › in place of < >, each tag that is unfinished or has a name that HTML does not know: somebody
 * wrote it as text. The result may be HTML again (from `&lt;b&gt;`), and is never longer than the input.
 * parse5 finds tags and comments where the HTML standard and browsers do. htmlparser2 would hide all from `<![CDATA[`
 * to `]]>`, ends `</b title=">">` too early, and does not report where unfinished markup begins.
 */
export function toText(html: string): string {
  const { text, rest } = readText(html, HIDDEN);
  return text + readText(rest, NO_ELEMENTS).text;
}

/** Replaces `<`, `>` and `&` by look-alikes, so that nothing can be read as HTML. */
export function withoutMarkup(text: string): string {
  return asText(text).replaceAll('&', '＆');
}

/** @returns `rest`: the source after the start tag of a hidden element that never ends, which would hide all of it */
function readText(html: string, hidden: ReadonlySet<string>): { text: string; rest: string } {
  const parts: string[] = [];
  let readUpTo = 0;
  let hiddenFrom: number | undefined;
  const add = (text: string) => {
    if (hiddenFrom === undefined) parts.push(text);
  };
  const onText = (token: Token.CharacterToken) => {
    // Take its start: before an unfinished tag, the tokenizer reports the end of the whole input as its end.
    readUpTo = token.location?.startOffset ?? readUpTo;
    add(token.chars);
  };
  const sourceOf = ({ location }: Token.Token) => {
    readUpTo = location?.endOffset ?? readUpTo;
    return html.slice(location?.startOffset, readUpTo);
  };
  const onComment = (token: Token.CommentToken | Token.DoctypeToken) => add(commentToText(sourceOf(token)));
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onCharacter: onText,
      onWhitespaceCharacter: onText,
      onNullCharacter: onText,
      onComment,
      onDoctype: onComment,
      onStartTag: (token) => {
        add(tagToText(token.tagName, sourceOf(token)));
        if (!hidden.has(token.tagName)) return;
        hiddenFrom = readUpTo;
        tokenizer.state = token.tagName === 'script' ? TokenizerMode.SCRIPT_DATA : TokenizerMode.RAWTEXT;
      },
      onEndTag: (token) => {
        // Inside a hidden element, the tokenizer reports only the end tag of that element.
        hiddenFrom = undefined;
        add(tagToText(token.tagName, sourceOf(token)));
      },
      onEof: () => add(asText(UNFINISHED.exec(html.slice(readUpTo))?.[0] ?? '')),
    },
  );
  tokenizer.write(html, true);
  return { text: parts.join(''), rest: hiddenFrom === undefined ? '' : html.slice(hiddenFrom) };
}

function tagToText(name: string, source: string): string {
  if (INLINE.has(name)) return '';
  return BLOCK.has(name) || HIDDEN.has(name) ? ' ' : asText(source);
}

/** Keeps as text what HTML treats as a comment too: `</3`, and a comment that never ends and so hides all after it. */
function commentToText(source: string): string {
  const isWhole = source.startsWith('<!--') ? /--!?>$/u.test(source) : /^<[!?].*>$/su.test(source);
  return isWhole ? '' : asText(source);
}

function asText(source: string): string {
  return source.replaceAll('<', '‹').replaceAll('>', '›');
}
