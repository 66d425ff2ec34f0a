import { type Token, Tokenizer, TokenizerMode } from 'parse5';

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Elements that stand inside a line: nothing takes the place of their tags. */
const INLINE = names(
  'a abbr acronym b bdi bdo big blink cite code data del dfn em font i img ins kbd label mark nobr q rp rt ruby s ' +
    'samp slot small span strike strong sub sup time tt u var wbr',
);
/** Elements that end a line, or hold what is no text: a space takes the place of their tags. */
const BLOCK = names(
  'address applet area article aside audio base basefont blockquote body br button canvas caption center ' +
    'col colgroup datalist dd details dialog dir div dl dt embed fieldset figcaption figure footer form frame ' +
    'frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html input legend li link listing main map marquee math ' +
    'menu menuitem meta meter nav ol optgroup option output p param picture plaintext pre progress search ' +
    'section select source summary svg table tbody td textarea tfoot th thead tr track ul video xmp',
);
/** Elements whose contents a page does not show as its text. */
const HIDDEN = names('iframe noembed noframes noscript object script style template title');

/** A tag that does not end, after text in which no other begins. */
const UNFINISHED = /<\/?[a-z].*$/isu;

const NOTHING = names('');

/**
 * One layer of HTML reduced to its text: tags, comments and what a page hides are gone, entities are decoded once.
 * A tag of no HTML element, and one that does not end, is kept as text in ‹ ›: it is what somebody wrote, not markup.
 * The outcome may be HTML again (`&lt;b&gt;`), and is never longer.
 * parse5 sees tags and comments where the standard does, and so browsers; htmlparser2 would hide all of a `<![CDATA[`
 * up to its `]]>`, ends `</b title=">">` too early, and does not tell where what is unfinished begins.
 */
export function toText(html: string): string {
  const { text, rest } = readText(html, HIDDEN);
  return text + readText(rest, NOTHING).text;
}

/** Text in which nothing can be taken for HTML, as look-alikes stand where markup would begin. */
export function withoutMarkup(text: string): string {
  return asText(text).replaceAll('&', '＆');
}

/** @returns also what follows a hidden element that never ends: it would hide all of it, so that it must show */
function readText(html: string, hidden: ReadonlySet<string>): { text: string; rest: string } {
  const parts: string[] = [];
  let known = 0;
  let hiddenFrom: number | undefined;
  const add = (text: string) => {
    if (hiddenFrom === undefined) parts.push(text);
  };
  const onText = (token: Token.CharacterToken) => {
    // Its end is not known: before an unfinished tag, the tokenizer takes it to reach to the end of all.
    known = token.location?.startOffset ?? known;
    add(token.chars);
  };
  const sourceOf = ({ location }: Token.Token) => {
    known = location?.endOffset ?? known;
    return html.slice(location?.startOffset, known);
  };
  const onComment = (token: Token.CommentToken | Token.DoctypeToken) => add(outOfComment(sourceOf(token)));
  const tokenizer = new Tokenizer(
    { sourceCodeLocationInfo: true },
    {
      onCharacter: onText,
      onWhitespaceCharacter: onText,
      onNullCharacter: onText,
      onComment,
      onDoctype: onComment,
      onStartTag: (token) => {
        add(outOfTag(token.tagName, sourceOf(token)));
        if (!hidden.has(token.tagName)) return;
        hiddenFrom = known;
        tokenizer.state = token.tagName === 'script' ? TokenizerMode.SCRIPT_DATA : TokenizerMode.RAWTEXT;
      },
      onEndTag: (token) => {
        // In the contents of a hidden element, the tokenizer sees no tag but that which ends it.
        hiddenFrom = undefined;
        add(outOfTag(token.tagName, sourceOf(token)));
      },
      onEof: () => add(asText(UNFINISHED.exec(html.slice(known))?.[0] ?? '')),
    },
  );
  tokenizer.write(html, true);
  return { text: parts.join(''), rest: hiddenFrom === undefined ? '' : html.slice(hiddenFrom) };
}

function outOfTag(name: string, source: string): string {
  if (INLINE.has(name)) return '';
  return BLOCK.has(name) || HIDDEN.has(name) ? ' ' : asText(source);
}

/** To HTML, `</3` begins a comment too; and one that does not end hides all that follows. */
function outOfComment(source: string): string {
  const isWhole = source.startsWith('<!--') ? /--!?>$/u.test(source) : /^<[!?].*>$/su.test(source);
  return isWhole ? '' : asText(source);
}

function asText(source: string): string {
  return source.replaceAll('<', '‹').replaceAll('>', '›');
}
