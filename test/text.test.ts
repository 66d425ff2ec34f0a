import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { plain, plainIfAny } from '../src/text.ts';

const sign = String.fromCodePoint;
const LONGEST = 400;

/** What Unicode itself calls invisible, and what was never a character. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Default_Ignorable_Code_Point}\u2028\u2029]/u;

describe('what a person cannot see goes', () => {
  test.each([
    ['NUL, bell, backspace, delete', 'a\0\x07\x08\x7fb', 'ab'],
    ['C1 controls', 'a\x85\x90\x9bb', 'ab'],
    ['the escape of ANSI', '\x1b[31mred\x1b[0m', '[31mred[0m'],
    ['the escape that names a window or a link', '\x1b]8;;https://x\x07y\x1b\\', ']8;;https://xy\\'],
    ['bidirectional overrides and isolates', 'a\u202eb\u202c\u2066c\u2069\u200f\u061cd', 'abcd'],
    ['zero-width characters', 'a\u200bb\u200cc\u200dd\u2060e', 'abcde'],
    ['the byte order mark', 'a\ufeffb', 'ab'],
    ['soft hyphens', 'a\u00adb', 'ab'],
    ['tag characters', `a${[...'ignore'].map((letter) => sign(0xe0000 + letter.charCodeAt(0))).join('')}b`, 'ab'],
    ['variation selectors', `a\ufe0f\ufe00${sign(0xe0100)}${sign(0xe01ef)}\u180bb`, 'ab'],
    ['fillers of Hangul and Khmer', 'a\u115f\u1160\u3164\uffa0\u17b4\u17b5b', 'ab'],
    ['the combining grapheme joiner', 'a\u034fb', 'ab'],
    ['private use', `a\ue000${sign(0xf0000)}b`, 'ab'],
    ['characters that are none', `a\uffff${sign(0x1fffe)}${sign(0xe0fff)}b`, 'ab'],
    ['halves of surrogate pairs', 'a\ud800b\udc00c', 'abc'],
    ['invisible signs of music and shorthand', `a${sign(0x1d173)}${sign(0x1bca0)}b`, 'ab'],
  ])('%s', (_what, text, seen) => {
    expect(plain(text)).toBe(seen);
  });
});

describe('what a person reads stays', () => {
  test.each([
    'Impossible travel: Zoë Müller, Łódź → Tromsø',
    'Ελληνικά, Кириллица, Հայերեն, ქართული',
    'العربية, עברית, فارسی',
    'हिन्दी, বাংলা, தமிழ், ไทย, ລາວ, ខ្មែរ, မြန်မာ',
    '中文, 日本語, 한국어',
    'አማርኛ, ᏣᎳᎩ, ᐃᓄᒃᑎᑐᑦ',
    '😀 🚨 👩 💻 🇩 é e\u0301',
    'C:\\Users\\x "quoted" <b>&amp;</b> `x` {{y}} 50 % – 3 €',
    '𝕏 𠀀',
  ])('%s', (text) => {
    expect(plain(text)).toBe(text);
  });

  test('of emoji that are joined or coloured, the parts', () => {
    expect(plain('👩\u200d💻 ❤\ufe0f')).toBe('👩💻 ❤');
  });

  test('every letter, mark, number, sign and symbol of Unicode that can be seen', () => {
    const seen = fc
      .integer({ min: 0x21, max: 0x10ffff })
      .map((code) => sign(code))
      .filter((text) => /[\p{L}\p{M}\p{N}\p{P}\p{S}]/u.test(text) && !UNSEEN.test(text));
    fc.assert(
      fc.property(seen, (text) => {
        expect(plain(`a${text}b`)).toBe(`a${text}b`);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('it is one line', () => {
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
    expect(plain(text)).toBe(line);
  });
});

describe('it is bounded', () => {
  test('at 400 characters, and says how many it left out', () => {
    expect(plain('x'.repeat(LONGEST))).toBe('x'.repeat(LONGEST));
    expect(plain('x'.repeat(LONGEST + 1))).toBe(`${'x'.repeat(LONGEST)}… (+1 characters)`);
    expect(plain('x'.repeat(100_000))).toBe(`${'x'.repeat(LONGEST)}… (+99600 characters)`);
  });

  test('where the caller says', () => {
    expect(plain('abcdef', 4)).toBe('abcd… (+2 characters)');
    expect(plain('abcd', 4)).toBe('abcd');
  });

  test('between characters, not inside one', () => {
    expect(plain('😀😀😀', 2)).toBe('😀😀… (+1 characters)');
  });

  test('by what is left to see', () => {
    expect(plain(`a${'\u200b'.repeat(1000)}b`, 2)).toBe('ab');
  });
});

test('whatever goes in, one short visible line comes out', () => {
  const unit = fc.oneof(
    fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)),
    fc.integer({ min: 0, max: 0x10ffff }).map((code) => sign(code)),
    fc.constantFrom('\x1b[2J', '\u202e', '\u200b', '\n', ' ', '\ud83d', '\ude00', sign(0xe0041), '\ufe0f', '\u034f'),
  );
  const text = fc.array(unit, { maxLength: 600 }).map((units) => units.join(''));
  fc.assert(
    fc.property(text, (any) => {
      const line = plain(any);
      expect(line).not.toMatch(UNSEEN);
      expect(line).toBe(line.trim());
      expect([...line.replace(/… \(\+\d+ characters\)$/, '')].length).toBeLessThanOrEqual(LONGEST);
    }),
    { numRuns: 500 },
  );
});

test.each([
  [undefined, undefined],
  ['', undefined],
  ['null', undefined],
  ['nullable', 'nullable'],
  ['a\nb', 'a b'],
])('plainIfAny of %j is %j', (text, seen) => {
  expect(plainIfAny(text)).toBe(seen);
});
