/** Ways to write a text so that a filter may miss it, and a model may still read it. */

const mapped = (text: string, map: (code: number) => number) =>
  [...text].map((character) => String.fromCodePoint(map(character.codePointAt(0) ?? 0))).join('');

const isBetween = (code: number, first: string, last: string) =>
  code >= first.charCodeAt(0) && code <= last.charCodeAt(0);

export const tags = (text: string) => mapped(text, (code) => (code < 0x80 ? 0xe0000 + code : code));

/** Each byte as a variation selector, which shows nothing. */
export const selectors = (text: string) =>
  [...Buffer.from(text)].map((byte) => String.fromCodePoint(byte < 16 ? 0xfe00 + byte : 0xe0100 + byte - 16)).join('');

/** Each bit as a zero-width character. */
export const zeroWidthBits = (text: string) =>
  [...Buffer.from(text)]
    .map((byte) => byte.toString(2).padStart(8, '0').replaceAll('0', '\u200b').replaceAll('1', '\u200c'))
    .join('');

export const fullwidth = (text: string) =>
  mapped(text, (code) => (code > 0x20 && code < 0x7f ? code + 0xfee0 : code === 0x20 ? 0x3000 : code));

/** Letters as mathematical ones, from the code point of the capital A. */
export const mathematical = (text: string, capitalA: number) =>
  mapped(text, (code) => {
    if (isBetween(code, 'A', 'Z')) return capitalA + code - 0x41;
    return isBetween(code, 'a', 'z') ? capitalA + 26 + code - 0x61 : code;
  });

export const circled = (text: string) =>
  mapped(text, (code) => (isBetween(code, 'a', 'z') ? 0x24d0 + code - 0x61 : code));

/** Latin letters that Cyrillic and Greek have too, to the eye. */
export const LOOKALIKES: Readonly<Record<string, string>> = {
  a: 'а',
  c: 'с',
  d: 'ԁ',
  e: 'е',
  h: 'һ',
  i: 'і',
  j: 'ј',
  l: 'ӏ',
  n: 'ո',
  o: 'о',
  p: 'р',
  s: 'ѕ',
  v: 'ν',
  x: 'х',
  y: 'у',
};

export const homoglyphs = (text: string) => text.replaceAll(/[a-z]/g, (letter) => LOOKALIKES[letter] ?? letter);

export const between = (text: string, filler: string) => [...text].join(filler);

export const reversed = (text: string) => [...text].toReversed().join('');

export const base64 = (text: string) => Buffer.from(text).toString('base64');

export const hex = (text: string) => Buffer.from(text).toString('hex');

export const percent = (text: string) => hex(text).replaceAll(/../g, '%$&');

export const quotedPrintable = (text: string) => hex(text).toUpperCase().replaceAll(/../g, '=$&');

export const rot13 = (text: string) =>
  mapped(text, (code) => {
    const start = isBetween(code, 'a', 'z') ? 0x61 : isBetween(code, 'A', 'Z') ? 0x41 : undefined;
    return start === undefined ? code : ((code - start + 13) % 26) + start;
  });

export const entities = (text: string) => [...text].map((character) => `&#${character.codePointAt(0)};`).join('');

export const hexEntities = (text: string) =>
  [...text].map((character) => `&#x${character.codePointAt(0)?.toString(16)};`).join('');

export const jsonEscapes = (text: string) =>
  [...text].map((character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
