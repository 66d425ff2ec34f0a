import { describe, expect, test } from 'vitest';
import { quoteField, quoteId, sanitize, stripInvisible } from '../../src/text/sanitize.ts';

describe('an id', () => {
  test.each(['abc', 'a.b@c:d-e_f', '10.0.0.1', 'P', 'Pa', 'P12a', 'xP12', 'é1'.normalize('NFD').slice(0, 1)])(
    '%s is one plain word',
    (id) => {
      expect(quoteId(id)).toBe(id);
    },
  );

  test.each(['', 'a b', 'P1', 'U12', 'A123', 'a,b', 'a"b', 'é', 'a;', '=a'])('%j is quoted', (id) => {
    expect(quoteId(id)).toBe(JSON.stringify(id));
  });
});

describe('a field', () => {
  test.each([
    'Mass download',
    'login failed',
    'failed login',
    'version 1.2',
    'very high',
    'at 10:30',
    'in US now',
    'abcdefg',
    '1234',
    'policyholder',
    'application',
  ])('%j could not be taken for another', (text) => {
    expect(quoteField(text, 40)).toBe(text);
  });

  test.each([
    'failed',
    'policy x',
    'user x',
    'app x',
    'ip x',
    'org x',
    'an anonymous proxy',
    'a;b',
    'a\\b',
    'a=b',
    'deadBEEF',
    '12345',
    '+1',
    '(3',
    '1.2.3.4',
    '10.20.30.40',
    'curl 2001:db8::1',
    '::1',
    'P1',
    'from U2',
    'low',
    'medium risk',
    'high risk',
    'informational x',
    '10:30 x',
    'in US',
  ])('%j could, so it is quoted', (text) => {
    expect(quoteField(text, 40)).toBe(JSON.stringify(text));
  });

  test('is cut only where it is longer than it may be, in characters', () => {
    expect(quoteField('abc', 3)).toBe('abc');
    expect(quoteField('abcd', 3)).toBe('abc…');
    expect(quoteField('😀😀😀', 3)).toBe('😀😀😀');
    expect(quoteField('😀😀😀😀', 3)).toBe('😀😀😀…');
    expect(quoteField('', 3)).toBe('');
  });
});

test('of what a person writes, only what nobody can see is taken, and its lines stay', () => {
  expect(stripInvisible('one\u202e\u200b\ntwo\x1b[2J\tthree\r\n\n<b>four</b>')).toBe('one\ntwo three \n\n<b>four</b>');
});

describe('a text of plain words', () => {
  test('leaves as it came, up to the limit', () => {
    const text = 'Some plain words, as most are.';
    expect(sanitize(text)).toBe(text);
    for (const length of [40, 400]) expect(sanitize('x'.repeat(length), length)).toBe('x'.repeat(length));
    expect(sanitize('x'.repeat(40), 3)).toBe('x'.repeat(40));
    expect(sanitize('x'.repeat(41), 3)).toMatch(/^x+… \(\+\d+ characters\)$/);
    expect(sanitize('😀'.repeat(40), 40)).toBe('😀'.repeat(40));
  });

  test('loses spaces that nobody needs', () => {
    expect(sanitize(' one  two ')).toBe('one two');
    expect(sanitize('one\n\n\t\u2028two')).toBe('one two');
  });

  test('has no live www.', () => {
    expect(sanitize('www.evil.example')).toBe('www[.]evil.example');
    expect(sanitize('x www.evil.example')).toBe('x www[.]evil.example');
    // Behind a full stop it is a part of a name, which nobody makes a link of.
    expect(sanitize('.www.evil.example')).toBe('.www.evil.example');
  });
});

test('what was not even read is counted, also where nothing of the rest can be seen', () => {
  expect(sanitize(`${'\u200b'.repeat(8192)}abc`)).toBe('… (+3 characters)');
});

test('a run of tabs in what a person writes is one space', () => {
  expect(stripInvisible('a\t\t\tb')).toBe('a b');
});
