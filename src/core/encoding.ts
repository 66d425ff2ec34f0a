/** Encodings that a byte order mark names, as Windows programs write one, with names that TextDecoder takes. */
export type MarkedEncoding = 'utf-8' | 'utf-16le' | 'utf-16be';

const MARKS: readonly (readonly [MarkedEncoding, readonly number[]])[] = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
];

/** The encoding that the first bytes of a file name; undefined if they are no byte order mark. */
export function markedEncoding(bytes: Uint8Array): MarkedEncoding | undefined {
  return MARKS.find(([, mark]) => mark.every((byte, at) => bytes[at] === byte))?.[0];
}
