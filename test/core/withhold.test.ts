import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createWithhold, formsOf } from '../../src/core/withhold.ts';

const TOKEN = 'R2Vuz0LkQ+x/8aYt0123456789abcdefghijklmnopqrstuvwxyz0123456789AB==';
const withhold = createWithhold(TOKEN);
/** What stands around a secret in a text; none of it continues the secret. */
const around = fc.stringMatching(/^[ .!?ßé😀İ\n]{0,40}$/u);

describe('what is taken out', () => {
  test.each(formsOf(TOKEN))('is each form, whole and in any case: %s', (form) => {
    for (const text of [form, form.toUpperCase(), form.toLowerCase()]) {
      expect(withhold(text)).toBe('[withheld]');
      expect(withhold(`a ${text} b`)).toBe('a [withheld] b');
    }
  });

  test('is each part of a form with 16 characters or more, wherever it stands, and nothing around it', () => {
    const part = fc.tuple(fc.constantFrom(...formsOf(TOKEN)), fc.nat(), fc.nat()).map(([form, start, length]) => {
      const from = start % (form.length - 15);
      return form.slice(from, from + 16 + (length % (form.length - from - 15)));
    });
    fc.assert(
      fc.property(around, part, around, part, around, (a, one, b, other, c) => {
        const parted = `${b} `;
        expect(withhold(`${a}${one}${parted}${other}${c}`)).toBe(`${a}[withheld]${parted}[withheld]${c}`);
      }),
      { numRuns: 2_000 },
    );
  });

  test('is a secret of less than 16 characters, as a whole', () => {
    const short = createWithhold('hunter2pass');
    expect(short('a hunter2pass b HUNTER2PASS')).toBe('a [withheld] b [withheld]');
    expect(short('a hunter2pas b unter2pass')).toBe('a hunter2pas b unter2pass');
    expect(short(Buffer.from('hunter2pass').toString('hex'))).toBe('[withheld]');
  });

  test('is one after the other', () => {
    expect(withhold(`${TOKEN}${TOKEN}`)).toBe('[withheld][withheld]');
  });
});

describe('what stays', () => {
  test('is every text that shares less than 16 characters with it', () => {
    const text = fc
      .array(
        fc.oneof(
          fc.string(),
          fc.nat(60).map((at) => TOKEN.slice(at, at + 15)),
        ),
      )
      .map((a) => a.join(' '));
    fc.assert(
      fc.property(text, (each) => {
        expect(withhold(each)).toBe(each);
      }),
    );
  });

  test('is what a secret of few kinds of characters shares by chance', () => {
    const demo = createWithhold(`DEMO${'0'.repeat(24)}ThisIsNotASecret${'0'.repeat(24)}DEMO`);
    const ids = '65f000000000000000000001 00000000-0000-0000-0000-000000000000 0000000000000000000000000000';
    expect(demo(ids)).toBe(ids);
    expect(demo(`x${'0'.repeat(24)}ThisIsNoty`)).toBe('x[withheld]y');
  });

  test.each(['', 'x', 'abc'])('is everything where the secret is %j', (secret) => {
    expect(createWithhold(secret)(`${secret} and more`)).toBe(`${secret} and more`);
  });
});
