import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isPath, path, segment } from '../../src/core/path.ts';

/** Any Unicode character, without halves of surrogate pairs. */
const character = fc.integer({ min: 0, max: 0x10f7ff }).map((n) => String.fromCodePoint(n < 0xd800 ? n : n + 0x800));

describe('isPath', () => {
  test.each('/a/ /api/v1/alerts/ /a/..b/ /a/.b./ /a%20b/ /a:b@c/'.split(' '))('accepts %j', (text) => {
    expect(isPath(text)).toBe(true);
  });

  test.each([
    ...['', '/', 'a', 'a/', '/a', '//', '//evil.example/', '/a//b/', '/\\evil.example/', 'https://evil.example/'],
    ...['/../', '/./', '/a/../b/', '/a/./', '/a/..', '/a\\b/', '/a/?b/', '/a/#b/'],
    ...['/a b/', '/a\t/', '/a\r\nx: y/', '/a\u2028/', '/a/\n', '/a\0/', '/a\u20ac/'],
  ])('refuses %j', (text) => {
    expect(isPath(text)).toBe(false);
  });

  test('accepts only what keeps its host and its path as a URL', () => {
    const piece = fc.constantFrom(...'/ / . .. a é @ : ? # \\ {id} evil.example'.split(' '), ' ', '\n');
    const text = fc.array(piece, { maxLength: 8 }).map((pieces) => `/${pieces.join('')}/`);
    fc.assert(
      fc.property(text, (candidate) => {
        fc.pre(isPath(candidate));
        const { host, pathname, search, hash } = new URL(candidate, 'https://tenant.example');
        expect([host, search, hash]).toEqual(['tenant.example', '', '']);
        expect(decodeURI(pathname)).toBe(candidate);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('path', () => {
  test('puts values into the template', () => {
    expect(path`/api/v1/alerts/`).toBe('/api/v1/alerts/');
    expect(path`/api/v1/alerts/${'65a1'}/read/`).toBe('/api/v1/alerts/65a1/read/');
    expect(path`/${0}/${20595}/`).toBe('/0/20595/');
  });

  test('makes exactly one segment of each value, and the value can be read back', () => {
    const sign = fc.constantFrom(...'/ . %2f %2e ? # \\ a'.split(' '), ' ', '\0');
    const value = fc.oneof(fc.string({ unit: character, minLength: 1 }), fc.string({ unit: sign, minLength: 1 }));
    const usable = value.filter((text) => text !== '.' && text !== '..');
    fc.assert(
      fc.property(usable, usable, (one, two) => {
        const built = path`/a/${one}/b/${two}/`;
        expect(isPath(built)).toBe(true);
        const segments = new URL(built, 'https://tenant.example').pathname.split('/');
        expect(segments.map(decodeURIComponent)).toEqual(['', 'a', one, 'b', two, '']);
      }),
    );
  });

  test.each(['', '.', '..'])('refuses the value %j', (value) => {
    expect(() => path`/a/${value}/`).toThrow(RangeError);
    expect(() => segment(value)).toThrow(RangeError);
  });

  test('refuses a value that no URL can carry', () => {
    expect(() => path`/a/${'\ud800'}/`).toThrow();
  });

  test('refuses a template that is no path', () => {
    expect(() => path`/a/${'b'}`).toThrow(RangeError);
    expect(() => path`a/${'b'}/`).toThrow(RangeError);
    expect(() => path`/a/../${'b'}/`).toThrow(RangeError);
    expect(() => path`/a/.${'b'}/..${'.'}/`).toThrow(RangeError);
  });
});
