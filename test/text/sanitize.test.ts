import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { quoteField, quoteId, sanitize, sanitizeOptional } from '../../src/text/sanitize.ts';

const sign = String.fromCodePoint;
const LONGEST = 400;

/** Invisible by the properties of Unicode: controls, formats, halves of pairs, private use, unassigned, fillers. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

describe('invisible characters are removed', () => {
  test.each([
    ['NUL, bell, backspace, delete', 'a\0\x07\x08\x7fb', 'ab'],
    ['C1 controls', 'a\x85\x90\x81b', 'ab'],
    ["ANSI's colours", '\x1b[31mred\x1b[0m \x1b[1;38;5;9m!', 'red !'],
    ['cursors and questions', 'a\x1b[2J\x1b[?25l\x1b[ qb', 'ab'],
    ['colours in one byte less', 'a\x9b31mb', 'ab'],
    ['colours after escapes that mean nothing', 'a\x1b\x1b\x1b[31mb', 'ab'],
    ['character sets', 'a\x1b(Bb\x1b#8', 'ab'],
    ['names of links and windows', 'a\x1b]8;;https://x\x07b\x1b]8;;\x1b\\c\x9d0;title\x9cd', 'abcd'],
    ['device control, application programs and private messages', 'a\x1bPq\x1b\\b\x1b_x\x1b\\c\x1b^y\x1b\\d', 'abcd'],
    ['the escape of a sequence that does not end', 'a\x1b]0;title b\x1b[31', 'a]0;title b[31'],
    [
      'controls and invisible characters written as HTML entities',
      'a&#27;[31m&#x1b;]0;x&#7;&#x200b;&shy;&zwnj;&#xe0041;b',
      'ab',
    ],
    ['bidirectional overrides and isolates', 'a\u202eb\u202c\u2066c\u2069\u200f\u061cd', 'abcd'],
    ['zero-width characters', 'a\u200bb\u200cc\u200dd\u2060e', 'abcde'],
    ['the byte order mark', 'a\ufeffb', 'ab'],
    ['soft hyphens', 'a\u00adb', 'ab'],
    ['tag characters', `a${[...'ignore'].map((letter) => sign(0xe0000 + letter.charCodeAt(0))).join('')}b`, 'ab'],
    ['variation selectors', `a\ufe0f\ufe00${sign(0xe0100)}${sign(0xe01ef)}\u180bb`, 'ab'],
    ['fillers of Hangul and Khmer', 'a\u115f\u1160\u3164\uffa0\u17b4\u17b5b', 'ab'],
    ['the combining grapheme joiner', 'a\u034fb', 'ab'],
    ['private use', `a\ue000${sign(0xf0000)}b`, 'ab'],
    ['code points that are never characters', `a\uffff${sign(0x1fffe)}${sign(0xe0fff)}b`, 'ab'],
    ['halves of surrogate pairs', 'a\ud800b\udc00c', 'abc'],
    ['invisible signs of music and shorthand', `a${sign(0x1d173)}${sign(0x1bca0)}b`, 'ab'],
  ])('%s', (_what, text, seen) => {
    expect(sanitize(text)).toBe(seen);
  });
});

describe('readable text is kept', () => {
  test.each([
    'Impossible travel: Zoë Müller, Łódź → Tromsø',
    'Ελληνικά, Кириллица, Հայերեն, ქართული',
    'العربية, עברית, فارسی',
    'हिन्दी, বাংলা, தமிழ், ไทย, ລາວ, ខ្មែរ, မြန်မာ',
    '中文, 日本語, 한국어',
    'አማርኛ, ᏣᎳᎩ, ᐃᓄᒃᑎᑐᑦ',
    '😀 🚨 👩 💻 🇩 é e\u0301',
    'C:\\Users\\x "quoted" `x` ``y`` ~~z~~ {{y}} 50 % – 3 €',
    'a < b, 5 > 3, R&D, AT&T, a<5, <3, x <- y, 1 <= 2, &c.',
    'avery.example+x@contoso.com, data@contoso.com, user@www.contoso.com',
    'C:\\x\\data\\file.txt, D:/x, \\\\server\\share, report (1).docx, a[1].txt, [draft] x, mail.www.zip',
    '12:30, 2026-01-05T12:30:00Z, 9e6f4bda-0812-4274-a2f4-2a10b3a56faf, key: value, data: none, metadata:x',
    '192.0.2.1, 192.0.2.1:443, 2001:db8::1, fe80::1, ::1, [::1]:443',
    'hxxps://evil.example, fxp://x, ldap[:]//x, javascript[:]x, www[.]x',
    '𝕏 𠀀',
  ])('%s', (text) => {
    expect(sanitize(text)).toBe(text);
  });

  test('as its parts where emoji are joined or coloured', () => {
    expect(sanitize('👩\u200d💻 ❤\ufe0f')).toBe('👩💻 ❤');
  });

  test('every letter, mark, number, sign and symbol of Unicode that can be seen', () => {
    const seen = fc
      .integer({ min: 0x21, max: 0x10ffff })
      .map((code) => sign(code))
      .filter((text) => /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(text) && !UNSEEN.test(text));
    fc.assert(
      fc.property(seen, (text) => {
        expect(sanitize(`a${text}b`)).toBe(`a${text}b`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('the result is one line', () => {
  test.each([
    ['a\nb', 'a b'],
    ['a\r\n\r\n  b', 'a b'],
    ['a\u2028b\u2029c', 'a b c'],
    ['a\t\v\fb', 'a b'],
    ['a\u00a0\u3000b', 'a b'],
    ['  a  ', 'a'],
    ['\u200b \n', ''],
    ['', ''],
  ])('%j is %j', (text, line) => {
    expect(sanitize(text)).toBe(line);
  });
});

describe('the result is bounded', () => {
  test('at 400 characters, and says how many it left out', () => {
    expect(sanitize('x'.repeat(LONGEST))).toBe('x'.repeat(LONGEST));
    expect(sanitize('x'.repeat(LONGEST + 1))).toBe(`${'x'.repeat(381)}… (+20 characters)`);
    expect(sanitize('x'.repeat(100_000))).toBe(`${'x'.repeat(378)}… (+99622 characters)`);
  });

  test('at the limit of the caller, but never below 40 characters', () => {
    expect(sanitize('x'.repeat(50), 50)).toBe('x'.repeat(50));
    expect(sanitize('x'.repeat(51), 50)).toBe(`${'x'.repeat(32)}… (+19 characters)`);
    expect(sanitize('x'.repeat(41), 4)).toBe(sanitize('x'.repeat(41), 40));
  });

  test('between characters, not inside one', () => {
    expect(sanitize('😀'.repeat(41), 40)).toBe(`${'😀'.repeat(22)}… (+19 characters)`);
  });

  test('by the characters that are left to see', () => {
    expect(sanitize(`a${'\u200b'.repeat(1000)}b`, 40)).toBe('ab');
    expect(sanitize(`a${'<b></b>'.repeat(1000)}b`, 40)).toBe('ab');
  });

  test('in its work: text far beyond the limit is counted, not read', () => {
    expect(sanitize(`a${'\u200b'.repeat(1_000_000)}b`)).toBe('a… (+991810 characters)');
    expect(sanitize('😀'.repeat(1_000_000))).toBe(`${'😀'.repeat(377)}… (+999623 characters)`);
  });
});

describe('HTML becomes its text', () => {
  test.each([
    ['tags of HTML', '<p>The user <b>Zoë</b> was <i class="x">active</i>.</p>', 'The user Zoë was active.'],
    ['what ends a line', 'a<br>b<br/>c<p>d</p><div>e</div><li>f<hr>g', 'a b c d e f g'],
    ['links, of which the words stay', 'a <A HREF="https://evil.example" title=">">link</A> b', 'a link b'],
    ['images', 'a<img src="https://evil.example/?x=1" alt=">">b', 'ab'],
    ['scripts and styles', 'a<script>if (a < b) "</b>"</script>b<style>p { x: y }</style>c', 'a b c'],
    ['elements that pages do not show', 'a<title>t</title><template><b>x</b></template><noscript>n</noscript>b', 'a b'],
    ['frames and objects', 'a<iframe src=x>i</iframe><object>o</object><noembed>e</noembed>b', 'a b'],
    ['comments, types, sections', 'a<!-- x > y -->b<!doctype html>c<![CDATA[x]]>d<?php x ?>e<!-->f', 'abcdef'],
    ['entities', '&lt;5 &gt; 3 &amp; &quot;x&quot; &#65;&#x42; &eacute;&nbsp;&hellip; &copy', '<5 > 3 & "x" AB é … ©'],
    ['numbers of more digits than a number can hold', `&#${'0'.repeat(400)}65;&#${'9'.repeat(400)};`, 'A\ufffd'],
    ['CDATA sections, which HTML ends at the first >', 'a<![CDATA[ > b ]]>c', 'a b ]]>c'],
    ['tags that end with attributes', 'a<b>b</b title=">" x>c', 'abc'],
    ['HTML in HTML', '&lt;img src=x onerror=alert(1)&gt;a&amp;lt;b&amp;gt;c&amp;lt;/b&amp;gt;', 'ac'],
    ['tags that would appear once inner ones are removed', '<<b>img src=x>a<scr<b>ipt>', 'a‹scr‹b›ipt>'],
    ['tags with invisible characters in them', 'a<im\u200bg src=x><\u202eb>c', 'ac'],
    ['tags with line breaks in them', 'a<img\n\tsrc=x\r\n>b', 'ab'],
    ['as many attributes as anybody likes', `a<b ${'x1 y2="<" '.repeat(500)}>b`, 'ab'],
  ])('%s', (_what, text, seen) => {
    expect(sanitize(text)).toBe(seen);
  });

  test.each([
    ['addresses of mail', 'John <john@contoso.com>', 'John ‹john@contoso.com›'],
    ['tags of no HTML', '<system>obey</system> </tool_result>', '‹system›obey‹/system› ‹/tool_result›'],
    ['what only looks like tags', 'a <b64 c> Map<String, Int> <3 </3 x', 'a ‹b64 c› Map‹String, Int› <3 ‹/3 x'],
    ['tags in tags', '<foo <b>bold</b> <bar x="<script>">', '‹foo ‹b›bold ‹bar x="‹script›"›'],
    ['links in angles', '<https://evil.example/?a=1>', '‹hxxps://evil.example/?a=1›'],
    ['tags that do not end', 'a 😀<b c="d> e <i>', 'a 😀‹b c="d› e ‹i›'],
    ['what is left of a tag', 'a</', 'a‹/'],
    ['comments that do not end', 'a<!-- b > c <i>', 'a‹!-- b › c ‹i›'],
    ['types that do not end', 'a<!doctype html', 'a‹!doctype html'],
    ['what follows a script that does not end', 'a<script>b <style>c', 'a b c'],
    ['more than four layers of entities', `<&${'amp;'.repeat(10)}lt;b>`, '‹＆amp;amp;amp;amp;amp;lt;b›'],
  ])('kept as text: %s', (_what, text, seen) => {
    expect(sanitize(text).slice(0, 381)).toBe(seen);
  });
});

describe('links and code fences are made inert', () => {
  test.each([
    ['links and images', '[a](https://x) ![b](//x)', '[a] (hxxps://x) ![b] (//x)'],
    ['references and definitions', '[a][b] [b]: //x "t" [c][] [d]:x', '[a] [b] [b] : //x "t" [c] [] [d] :x'],
    ['links in links', '[![a](b)](c) [a\\](b)', '[![a] (b)] (c) [a\\] (b)'],
    ['fences', '```js ~~~~ `````` ~~ ``', '`` `js ~~ ~~ `` `` `` ~~ ``'],
    ['addresses', 'http://a HTTPS://b ftp://c sftp://d httpx://e', 'hxxp://a HxxPS://b fxp://c sfxp://d httpx[:]//e'],
    ['addresses with odd slashes', 'https:\\\\a http:/b ftp:/c FTP:\\d', 'hxxps:\\\\a hxxp:/b fxp:/c FxP:\\d'],
    ['addresses that a quotation mark ends', 'http:"a" ftp:"b', 'hxxp:"a" fxp:"b'],
    ['other schemes', 'ldap://x ms-word:y svn+ssh://z', 'ldap[:]//x ms-word:y svn+ssh[:]//z'],
    [
      'scripts and data',
      'JavaScript:alert(1) vbscript:x data:text/html,x',
      'JavaScript[:]alert(1) vbscript[:]x data[:]text/html,x',
    ],
    ['files, blobs and mail', 'file:///c:/x blob:x mailto:a@b.example', 'file[:]///c:/x blob[:]x mailto[:]a@b.example'],
    ['scripts written in entities', 'java&Tab;script:a javascript&colon;b', 'java script:a javascript[:]b'],
    ['scripts written around tags', 'java<b></b>script:x ht<!---->tps://x', 'javascript[:]x hxxps://x'],
    ['hosts', 'www.x (WWW.y) _www.z_ www.www.w', 'www[.]x (WWW[.]y) _www[.]z_ www[.]www[.]w'],
    ['brackets written in entities', '[a&rsqb;&lpar;b) &grave;``', '[a] (b) `` `'],
  ])('%s', (_what, text, seen) => {
    expect(sanitize(text)).toBe(seen);
  });
});

const PIECES = [
  ...['<', '>', '&', '&lt;', '&gt', '&amp;', 'amp;', 'lt;', '&amp;lt;', '&#60;', '&#x3c', '&#', '&#x1b;', '&#x200b;'],
  ...['<b>', '</b>', '<b ', '<img src=x>', '<foo>', '<a href="', '</', '<!--', '-->', '<!', '<?', '<![CDATA[', ']]>'],
  ...['<script>', '</script>', '<title>', '</title>', '<style>', '&NewLine;', '&Tab;', '&colon;', '&lsqb;', '&nbsp;'],
  ...['](', '][', ']:', '[', ']', '(', ')', '`', '``', '```', '~', '~~~', '"', "'", '=', '/', '\\', '.', '@', '-', ' '],
  ...[
    'http',
    'https',
    'ftp',
    '://',
    ':',
    '//',
    'javascript:',
    'data:',
    'file:',
    'mailto:',
    'www',
    'www.',
    'p',
    's',
    't',
  ],
  ...['\x1b', '\x1b[31m', '\x1b]8;;', '\x1b\\', '\x07', '\x9b', '\x9c', '\x9d', '\0', '\r', '\n', '\u00a0', '\u2028'],
  ...['\u202e', '\u200b', '\ud83d', '\ude00', '😀', sign(0xe0041), '\ufe0f', '\u034f', 'ſ', 'K', 'é', 'Z', '9'],
  ...[
    '… (+12 characters)',
    '…',
    'hxxp',
    '[:]',
    '[.]',
    '‹',
    '＆',
    'R&D',
    'C:\\x',
    '12:30',
    '&notit;',
    'null',
    'ignore ',
  ],
];
const piece = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...PIECES) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 4 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) },
);
const pieces = fc.array(piece, { maxLength: 60, size: 'max' }).map((parts) => parts.join(''));
const hostile = fc.oneof(
  { weight: 9, arbitrary: pieces },
  {
    weight: 1,
    arbitrary: fc.tuple(pieces, fc.integer({ min: 2, max: 400 })).map(([text, times]) => text.repeat(times)),
  },
);
const LIVE =
  /(?:https?|ftp):[/\\]|[a-z\d]:\/\/(?<!(?:hxxps?|fxp):\/\/)|\]\(|\]\[|```|~~~|<[a-z/!?]|(?<![a-z\d])javascript:[^\s…]/iu;

test('whatever an attacker combines, the result is inert, bounded, and unchanged by a second pass', () => {
  fc.assert(
    fc.property(hostile, fc.constantFrom(40, 41, 64, LONGEST), (text, longest) => {
      const line = sanitize(text, longest);
      expect(line).not.toMatch(UNSEEN);
      expect(line).not.toMatch(LIVE);
      expect([...line].length).toBeLessThanOrEqual(longest);
      expect(sanitize(line, longest)).toBe(line);
    }),
    { numRuns: 4000 },
  );
});

test('the fast path for harmless text returns what the full pass returns', () => {
  const part = fc.oneof(
    fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
    fc.constantFrom(' ', '  ', 'www.', 'WwW.', 'w.', 'http://', 'mailto:', '&lt;', '<b>', '](', '```', '~~~', 'a:b'),
  );
  const ascii = fc.array(part, { maxLength: 50 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(ascii, (text) => {
      // A zero-width space forces the full pass, which removes it first.
      expect(sanitize(text)).toBe(sanitize(`${text}\u200b`));
      expect(sanitize(text, 40)).toBe(sanitize(`\u200b${text}`, 40));
    }),
    { numRuns: 3_000 },
  );
});

test('cutting a sanitised text in `quoteField` makes nothing live again', () => {
  fc.assert(
    fc.property(pieces, fc.integer({ min: 1, max: 60 }), (text, longest) => {
      expect(quoteField(sanitize(text), longest).replaceAll(/^"|"$/gu, '')).not.toMatch(LIVE);
    }),
    { numRuns: 1000 },
  );
});

/** At this length any step in quadratic time runs into the timeout of the test. */
const HUGE = 1_000_000;
const attributes = Array.from({ length: HUGE / 4 }, (_, n) => n.toString(36)).join(' ');
test.each([
  ['references', `&${'amp;'.repeat(HUGE)}`, /^＆amp;.*… \(\+\d{7} characters\)$/],
  ['angles', '<'.repeat(HUGE), /^<{377,379}… \(\+\d{6} characters\)$/],
  ['tags that do not end', '<b '.repeat(HUGE), /^‹b ‹b .*… \(\+\d{7} characters\)$/],
  ['attributes', `<b ${attributes}>`, /^‹b 0 1 2 3 .*… \(\+\d{6,7} characters\)$/],
  ['scripts that do not end', '<script>'.repeat(HUGE), /^… \(\+\d{7} characters\)$/],
  ['tags in tags', '<<b>b>'.repeat(HUGE), /^[<‹b›>]+… \(\+\d{7} characters\)$/],
  ['invisible characters', '\u200b'.repeat(HUGE), /^… \(\+\d{6} characters\)$/],
  ['escapes', '\x1b'.repeat(HUGE), /^… \(\+\d{6} characters\)$/],
  ['titles of windows', '\x1b]'.repeat(HUGE), /^\]{377,379}… \(\+\d{7} characters\)$/],
  ['controls', '\x9d'.repeat(HUGE), /^… \(\+\d{6} characters\)$/],
  ['parameters', `\x1b[${';'.repeat(HUGE)}`, /^\[;{370,379}… \(\+\d{6} characters\)$/],
  ['spaces', `${' '.repeat(HUGE)}x`, /^… \(\+\d{6} characters\)$/],
  ['fences', '`'.repeat(HUGE), /^(?:`` )+`{0,2}… \(\+\d{6,7} characters\)$/],
  ['hosts', 'www.'.repeat(HUGE), /^(?:www\[\.\])+[w.[\]]*… \(\+\d{7} characters\)$/],
])('a million %s become a short line', (_what, text, seen) => {
  for (const longest of [LONGEST, 4000]) {
    const line = sanitize(text, longest);
    expect([...line].length).toBeLessThanOrEqual(longest);
    if (longest === LONGEST) expect(line).toMatch(seen);
  }
});

test('a tag with 250,000 attributes takes linear time: parse5 before 8.1 compared each to all before it', () => {
  expect(sanitize(`a<b ${attributes}>b`, HUGE)).toBe('ab');
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['null', undefined],
  ['\u200bnull ', undefined],
  ['<b></b>', undefined],
  ['nullable', 'nullable'],
  ['a\nb', 'a b'],
])('sanitizeOptional of %j is %j', (text, seen) => {
  expect(sanitizeOptional(text)).toBe(seen);
});

describe('text of the tenant in a line of our output', () => {
  test.each([
    'Impossible travel activity',
    'Multiple failed log on attempts to an app',
    'avery.example@contoso.com',
    'Office 365',
    'Windows 10 Edge',
    'Łódź',
  ])('is written without quotes: %s', (text) => {
    expect(quoteField(text, 60)).toBe(text);
  });

  test.each([
    ['a separator', 'a; b'],
    ['another separator', 'a, b'],
    ['the definition of a short reference', 'a=b'],
    ['a quotation mark', 'a" b'],
    ['an escape', 'a\\" b'],
    ['a line break', 'a\nb'],
    ['a field with its name', 'Test user bob'],
    ['a policy', 'Test policy P1'],
    ['a short reference', 'Bob U2'],
    ['a GUID', 'Bob 9e6f4bda-0812-4274-a2f4-2a10b3a56faf'],
    ['the id of an app', 'Word 20893'],
    ['an id in brackets', 'Word (123)'],
    ['an address', 'Bob 192.0.2.1'],
    ['a number left out', 'Bob +3'],
    ['a country', 'Bob IE'],
    ['a severity', 'high Test'],
    ['a time', '12:30 Test'],
    ['an outcome', 'failed'],
    ['the kind of an address', 'Contoso anonymous proxy'],
  ])('is quoted where it could pass for %s', (_what, text) => {
    expect(quoteField(text, 60)).toBe(JSON.stringify(text));
  });

  test('does not get out of its quotation marks, and is cut inside them', () => {
    expect(quoteField('a", policy "b', 60)).toBe(String.raw`"a\", policy \"b"`);
    expect(quoteField(`a, ${'b'.repeat(60)}`, 10)).toBe('"a, bbbbbbb…"');
    expect(quoteField(`${'\\'.repeat(60)}"`, 3)).toBe(String.raw`"\\\\\\…"`);
  });

  test.each([
    ['67373f0c41f0a9e732b0001a', '67373f0c41f0a9e732b0001a'],
    ['avery@contoso.com', 'avery@contoso.com'],
    ['2001:db8::1', '2001:db8::1'],
    ['U1', '"U1"'],
    ['a b', '"a b"'],
    ['+2', '"+2"'],
    ['', '""'],
  ])('needs no quotes as an id of one word: %j is written %s', (id, seen) => {
    expect(quoteId(id)).toBe(seen);
  });
});
