import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import type { Undecoded } from './layers.ts';

type Decode = (bytes: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>;

const CODINGS: Readonly<Record<string, Decode>> = {
  gzip: promisify(gunzip),
  'x-gzip': promisify(gunzip),
  br: promisify(brotliDecompress),
  // With the header of zlib, as the standard has it, or without, as some send it.
  deflate: (bytes, options) => promisify(((bytes[0] ?? 0) & 0x0f) === 8 ? inflate : inflateRaw)(bytes, options),
  identity: async (bytes) => bytes,
};
/** More than anyone has a reason for; each could make the body a thousand times larger. */
const MAX_CODINGS = 4;

/**
 * Undoes the content codings of a body. We ask for none, but some gateways compress all the same.
 * @param applied the header `content-encoding`
 * @param maxBytes for the result of each coding; decoding stops as soon as it is exceeded
 */
export async function decodeContent(
  body: Buffer,
  applied: string,
  maxBytes: number,
): Promise<{ readonly body: Buffer } | { readonly undecoded: Undecoded }> {
  const names = applied.toLowerCase().split(',');
  const codings = names.map((name) => name.trim()).filter(Boolean);
  if (codings.length > MAX_CODINGS || !codings.every((name) => Object.hasOwn(CODINGS, name))) {
    return { undecoded: 'unknown_coding' };
  }
  try {
    let decoded = body;
    for (const name of codings.toReversed()) {
      decoded = (await CODINGS[name]?.(decoded, { maxOutputLength: maxBytes })) ?? decoded;
    }
    return { body: decoded };
  } catch (error) {
    const isTooLarge = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    return { undecoded: isTooLarge ? 'too_large' : 'damaged' };
  }
}
