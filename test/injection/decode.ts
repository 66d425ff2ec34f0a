import { domainToUnicode } from 'node:url';
import { LOOKALIKES, reversed, rot13 } from './payloads/encode.ts';

type Decode = (text: string) => string;

const INVISIBLE = /\p{Cc}|\p{Cf}|\p{Cs}|\p{Co}|\p{Cn}|\p{Default_Ignorable_Code_Point}/gu;
const LATIN = new Map(Object.entries(LOOKALIKES).map(([latin, other]) => [other, latin]));
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };

const isReadable = (text: string) => /^[\p{L}\p{M}\p{N}\p{P}\p{S}\p{Z}\n\t]+$/u.test(text);

/** The text of some bytes, or what stood there where they are none. */
function textOf(bytes: Uint8Array, otherwise: string): string {
  const text = Buffer.from(bytes).toString('utf8');
  return text !== '' && isReadable(text) && !text.includes('\ufffd') ? text : otherwise;
}

const hidden: Decode = (text) =>
  [...text.matchAll(/[\u{e0020}-\u{e007e}]/gu)]
    .map(([tag]) => String.fromCodePoint((tag.codePointAt(0) ?? 0) - 0xe0000))
    .join('');

const selected: Decode = (text) => {
  const found = [...text.matchAll(/[\ufe00-\ufe0f\u{e0100}-\u{e01ef}]/gu)].map(([sign]) => sign.codePointAt(0) ?? 0);
  return textOf(Uint8Array.from(found.map((code) => (code < 0xe0100 ? code - 0xfe00 : code - 0xe0100 + 16))), '');
};

const bits: Decode = (text) => {
  const found = [...text.matchAll(/[\u200b\u200c]/gu)].map(([sign]) => (sign === '\u200b' ? '0' : '1')).join('');
  return textOf(
    Uint8Array.from(found.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2)),
    '',
  );
};

const seen: Decode = (text) => text.replace(INVISIBLE, '');

const uncrossed: Decode = (text) => text.replace(/[\u0300-\u036f]/g, '');

const latin: Decode = (text) =>
  [...text.normalize('NFKC')].map((character) => LATIN.get(character) ?? character).join('');

const unescapedHtml: Decode = (text) =>
  text.replace(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(lt|gt|amp|quot|apos));?/giu, (all, decimal, hex, name) => {
    if (name) return NAMED[String(name).toLowerCase()] ?? all;
    const code = decimal ? Number(decimal) : Number.parseInt(hex, 16);
    return code < 0x110000 ? String.fromCodePoint(code) : all;
  });

const unescapedJson: Decode = (text) =>
  text
    .replace(/\\u([0-9a-f]{4})/giu, (_all, hex) => String.fromCharCode(Number.parseInt(hex, 16)))
    .replace(/\\n/g, '\n')
    .replace(/\\(["\\/])/g, '$1');

const unpercented: Decode = (text) =>
  text.replace(/(?:%[0-9a-f]{2})+/giu, (run) => textOf(Buffer.from(run.replaceAll('%', ''), 'hex'), run));

const unquoted: Decode = (text) =>
  text.replace(/(?:=[0-9A-F]{2}){4,}/gu, (run) => textOf(Buffer.from(run.replaceAll('=', ''), 'hex'), run));

const unbased: Decode = (text) =>
  text.replace(/[a-z\d+/_-]{16,}={0,2}/giu, (run) => textOf(Buffer.from(run, 'base64'), run));

const unhexed: Decode = (text) =>
  text.replace(/\b(?:[0-9a-f]{2}){10,}\b/giu, (run) => textOf(Buffer.from(run, 'hex'), run));

const hosts: Decode = (text) =>
  text.replace(/xn--[a-z\d-]+(?:\.[a-z\d-]+)*/giu, (host) => domainToUnicode(host) || host);

const DECODERS = [
  ...[hidden, selected, bits, seen, uncrossed, latin, unescapedHtml],
  ...[unescapedJson, unpercented, unquoted, unbased, unhexed, hosts],
];
/** Nothing but a whole text is written so. */
const WHOLE = [rot13, reversed];
/** What is decoded can be decoded again, so often. */
const LAYERS = 4;
const MOST = 60;

/** A text in every reading that somebody who wants to understand it could come to, the text itself first. */
export function readingsOf(text: string): string[] {
  const readings = new Set([text, ...WHOLE.map((decode) => decode(text))]);
  let layer = [text];
  for (let n = 0; n < LAYERS && layer.length > 0 && readings.size < MOST; n++) {
    const next = layer.flatMap((reading) => DECODERS.map((decode) => decode(reading)));
    layer = [...new Set(next)].filter((reading) => reading !== '' && !readings.has(reading));
    for (const reading of layer) readings.add(reading);
  }
  return [...readings];
}
