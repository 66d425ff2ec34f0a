import { expect, test } from 'vitest';
import { parseJson } from '../../src/http/json.ts';

const TOO_MUCH = { isJson: false, isTooMuch: true };
const MIB = 1024 * 1024;

/** So many values within one more. */
const numbers = (count: number) => `[${Array(count).fill('1').join(',')}]`;

test('text is parsed, and an empty one is undefined', () => {
  expect(parseJson(' {"a":[1,"b"]} ')).toEqual({ isJson: true, value: { a: [1, 'b'] } });
  for (const text of ['', '  ', '\n']) expect(parseJson(text)).toEqual({ isJson: true, value: undefined });
});

test.each(['{', 'undefined', '<html>', `${'x'.repeat(MIB)}`])('what is not JSON is told as such', (text) => {
  expect(parseJson(text)).toEqual({ isJson: false, isTooMuch: false });
});

test('half a million values are parsed, more are not', () => {
  expect(parseJson(numbers(500_000))).toMatchObject({ isJson: true });
  expect(parseJson(numbers(500_001))).toEqual(TOO_MUCH);
});

test.each([
  ['empty objects', `{"data":[${Array(600_000).fill('{}').join(',')}]}`],
  ['empty lists', `[${'[],'.repeat(600_000)}[]]`],
  ['nested lists', '['.repeat(600_000) + ']'.repeat(600_000)],
  ['nested objects', `${'{"a":'.repeat(600_000)}1${'}'.repeat(600_000)}`],
  ['names', `{${Array.from({ length: 600_000 }, (_, n) => `"${n}":1`).join(',')}}`],
  ['values that are no JSON', `[${'{},'.repeat(600_000)}`],
])('too many %s are not parsed', (_name, text) => {
  expect(parseJson(text)).toEqual(TOO_MUCH);
});

test('a long text has one value, whatever it holds', () => {
  const text = JSON.stringify({ a: 'x:]}"\\'.repeat(2 * MIB) });
  expect(parseJson(text)).toEqual({ isJson: true, value: { a: 'x:]}"\\'.repeat(2 * MIB) } });
});
