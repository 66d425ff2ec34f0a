import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { decodeContent } from '../../src/http/content_coding.ts';

const PLAIN = Buffer.from('{"title":"Größe"}'.repeat(50));
const MIB = 1024 * 1024;
const decode = (body: Buffer, applied: string, maxBytes = 16 * MIB) => decodeContent(body, applied, maxBytes);

describe('a body', () => {
  test.each([
    ['gzip', gzipSync(PLAIN)],
    ['x-gzip', gzipSync(PLAIN)],
    [' GZip ', gzipSync(PLAIN)],
    ['deflate', deflateSync(PLAIN)],
    ['deflate', deflateRawSync(PLAIN)],
    ['deflate', deflateSync(PLAIN, { windowBits: 9 })],
    ['deflate', deflateRawSync(PLAIN, { level: 0 })],
    ['br', brotliCompressSync(PLAIN)],
    ['identity', PLAIN],
    [',identity,', PLAIN],
    ['gzip, deflate', deflateSync(gzipSync(PLAIN))],
    ['deflate,br ,gzip,identity', gzipSync(brotliCompressSync(deflateRawSync(PLAIN)))],
    ['gzip', Buffer.concat([gzipSync(PLAIN.subarray(0, 99)), gzipSync(PLAIN.subarray(99))])],
  ])('with the content coding %j is decoded', async (applied, body) => {
    expect(await decode(body, applied)).toEqual({ body: PLAIN });
  });

  test.each([
    ['gzip', gzipSync(PLAIN)],
    ['deflate', deflateSync(PLAIN)],
    ['br', brotliCompressSync(PLAIN)],
  ])('in %s that is cut short anywhere, or is none, is damaged', async (applied, whole) => {
    const parts = Array.from({ length: whole.length - 1 }, (_, length) => whole.subarray(0, length + 1));
    for (const part of [...parts, PLAIN]) expect(await decode(part, applied)).toEqual({ undecoded: 'damaged' });
  });

  test('in raw deflate that is cut short is damaged', async () => {
    const whole = deflateRawSync(PLAIN);
    for (let length = 1; length < whole.length; length++) {
      expect(await decode(whole.subarray(0, length), 'deflate')).toEqual({ undecoded: 'damaged' });
    }
  });

  test.each(['compress', 'zstd', 'gzip, x', 'constructor', 'toString', '*', Array(5).fill('gzip').join()])(
    'with the content coding %j is not decoded',
    async (applied) => {
      expect(await decode(gzipSync(PLAIN), applied)).toEqual({ undecoded: 'unknown_coding' });
    },
  );

  test('may have the bound as its size, and no byte more', async () => {
    const applied = 'gzip, br';
    const packed = brotliCompressSync(gzipSync(PLAIN));
    expect(await decode(packed, applied, PLAIN.length)).toEqual({ body: PLAIN });
    expect(await decode(packed, applied, PLAIN.length - 1)).toEqual({ undecoded: 'too_large' });
  });

  test('that is too large is not decoded to its end', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MIB));
    bomb.fill(0xff, bomb.length - 1_000);
    expect(await decode(bomb, 'gzip', 64 * MIB)).toEqual({ undecoded: 'damaged' });
    expect(await decode(bomb, 'gzip', MIB)).toEqual({ undecoded: 'too_large' });
  });

  test('that would be larger in between than the bound is too large', async () => {
    const bomb = gzipSync(gzipSync(Buffer.alloc(MIB)));
    expect(await decode(bomb, 'gzip, gzip', 1_000)).toEqual({ undecoded: 'too_large' });
  });
});
