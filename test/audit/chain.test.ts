import { open, writeFile } from 'node:fs/promises';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type ChainEnd, follow, readLines } from '../../src/audit/chain.ts';
import { formatLine, NO_LINE, parseLine, sha256 } from '../../src/audit/trail_line.ts';
import { intent, newFile } from './files.ts';

const CALL = '0f8fad5b-d9cb-469f-a165-70867728950e';
const rawOf = (n: number, prev: string) => formatLine(n, intent(CALL), prev).subarray(0, -1);

describe('a line', () => {
  test('frames its entry by its number, its link and its sum', () => {
    const body = `{"n":7,${JSON.stringify(intent(CALL)).slice(1, -1)},"prev":"${NO_LINE}"`;
    expect(formatLine(7, intent(CALL), NO_LINE).toString()).toBe(`${body},"sum":"${sha256(body)}"}\n`);
  });

  test('comes back with all its members', () => {
    const raw = rawOf(7, NO_LINE);
    expect(parseLine(raw)).toEqual({ n: 7, prev: NO_LINE, hash: sha256(raw), members: JSON.parse(raw.toString()) });
  });

  const CUT = 'it cannot be read: it was changed or cut short';
  test.each<[string, (line: string) => string]>([
    ['nothing', () => ''],
    ['something before it', (line) => ` ${line}`],
    ['something behind it', (line) => `${line} `],
    ['the number 0', (line) => line.replace('"n":7', '"n":0')],
    ['a number of 16 digits', (line) => line.replace('"n":7', '"n":1000000000000000')],
    ['no number', (line) => line.replace('"n":7', '"n":""')],
    ['a short link', (line) => line.replace(NO_LINE, NO_LINE.slice(1))],
    ['a short sum', (line) => line.replace(/.{3}$/, '"}')],
  ])('is unreadable with %s', (_what, change) => {
    expect(parseLine(Buffer.from(change(rawOf(7, NO_LINE).toString())))).toBe(CUT);
  });

  test('does not fit its sum where a byte has changed', () => {
    const raw = rawOf(7, NO_LINE).toString().replace('mdca', 'mdcb');
    expect(parseLine(Buffer.from(raw))).toBe('its own sum does not fit: this line was changed');
  });

  test('with a right sum may be no JSON all the same', () => {
    const body = `{"n":7,x,"prev":"${NO_LINE}"`;
    expect(parseLine(Buffer.from(`${body},"sum":"${sha256(body)}"}`))).toBe('it cannot be read: it is not JSON');
  });

  test('may hold a line break inside', () => {
    const body = `{"n":7,\n"a":1,"prev":"${NO_LINE}"`;
    expect(parseLine(Buffer.from(`${body},"sum":"${sha256(body)}"}`))).toMatchObject({ n: 7, members: { a: 1 } });
  });
});

describe('the next line', () => {
  const [first, second] = [rawOf(1, NO_LINE), rawOf(2, sha256(rawOf(1, NO_LINE)))];
  const one: ChainEnd = { lines: 1, bytes: first.length + 1, last: first.length + 1, hash: sha256(first) };

  test('moves the end on by itself', () => {
    expect(follow(undefined, first)).toMatchObject({ end: one, line: { n: 1 } });
    expect(follow(one, second)).toMatchObject({
      end: {
        lines: 2,
        bytes: first.length + second.length + 2,
        last: second.length + 1,
        hash: sha256(second),
      },
    });
  });

  test('of a file without a head may continue any other', () => {
    expect(follow(undefined, rawOf(1, sha256('older')))).toMatchObject({ end: { lines: 1 } });
  });

  const MISSING = (n: number) => `it is missing: line ${n} stands in its place, so lines were deleted or swapped`;
  const DOUBLE = (n: number) => `line ${n} stands in its place, so a line was duplicated, moved or inserted`;
  test.each<[string, ChainEnd | undefined, Buffer, { line: number; why: string }]>([
    ['too far on', one, rawOf(3, sha256(first)), { line: 2, why: MISSING(3) }],
    ['too far on at the start', undefined, rawOf(2, NO_LINE), { line: 1, why: MISSING(2) }],
    ['there already', one, first, { line: 2, why: DOUBLE(1) }],
    [
      'linked to another',
      one,
      rawOf(2, NO_LINE),
      { line: 2, why: 'it does not continue line 1: one of the two was replaced' },
    ],
    [
      'not what the head expects first',
      { lines: 0, bytes: 0, last: 0, hash: sha256('older') },
      first,
      { line: 1, why: 'it does not continue what the head says came before' },
    ],
    ['unreadable', one, Buffer.from('x'), { line: 2, why: 'it cannot be read: it was changed or cut short' }],
  ])('is a break where it is %s', (_what, end, raw, expected) => {
    expect(follow(end, raw)).toEqual(expected);
  });
});

describe('reading lines', () => {
  const CHUNK = 2 ** 16;
  const MOST = 2 ** 20;

  async function linesOf(content: string, start = 0, end = content.length) {
    const path = newFile();
    await writeFile(path, content);
    const file = await open(path);
    onTestFinished(() => file.close());
    const lines: [string, boolean][] = [];
    for await (const { raw, whole } of readLines(file, start, end)) lines.push([raw.toString(), whole]);
    return lines;
  }

  test('gives each line without its newline, and what is behind the last one', async () => {
    expect(await linesOf('a\n\nbc\nd')).toEqual([
      ['a', true],
      ['', true],
      ['bc', true],
      ['d', false],
    ]);
    expect(await linesOf('a\n')).toEqual([['a', true]]);
    expect(await linesOf('')).toEqual([]);
  });

  test('keeps to the bytes that it is given, and to what is there', async () => {
    expect(await linesOf('a\nbb\nccc\n', 2, 7)).toEqual([
      ['bb', true],
      ['cc', false],
    ]);
    expect(await linesOf('a\nb', 0, 1_000)).toEqual([
      ['a', true],
      ['b', false],
    ]);
  });

  test.each([CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK])('puts lines of %i bytes together again', async (length) => {
    const [a, b] = ['a'.repeat(length), 'b'.repeat(length)];
    expect(await linesOf(`${a}\n${b}\nc`)).toEqual([
      [a, true],
      [b, true],
      ['c', false],
    ]);
  });

  test('gives up a line that is longer than any of the trail', async () => {
    expect(await linesOf(`a\n${'b'.repeat(MOST + 1)}${'c'.repeat(CHUNK)}\nd\n`)).toEqual([
      ['a', true],
      ['', true],
    ]);
    const whole = 'b'.repeat(MOST);
    expect(await linesOf(whole)).toEqual([[whole, false]]);
  });
});
