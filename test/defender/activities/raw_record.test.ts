import { expect, test } from 'vitest';
import { toRawText } from '../../../src/defender/activities/raw_record.ts';

const read = (record: unknown): unknown => JSON.parse(toRawText(record));

test('keeps a record as it is', () => {
  const record = { Operation: 'Consent to application.', count: 3, isAdmin: true, none: null, list: [{ a: 1 }, 'x'] };
  expect(read(record)).toEqual(record);
  expect(read('a text')).toBe('a text');
});

test('cuts a long text, so that it pushes nothing else out', () => {
  const shown = read({ app: 'long '.repeat(10_000), scope: 'Mail.ReadWrite' });
  expect(shown).toEqual({ app: expect.stringMatching(/^long .*… \(\+\d+ characters\)$/u), scope: 'Mail.ReadWrite' });
});

test('lets no text reach over into another one', () => {
  expect(read({ a: '<b title="', scope: 'Mail.ReadWrite', c: '">' })).toMatchObject({ scope: 'Mail.ReadWrite' });
  expect(read({ a: '<script>', scope: 'Mail.ReadWrite', c: '</script>' })).toMatchObject({ scope: 'Mail.ReadWrite' });
});

test('says how many members are left out of a long list, and that something lies deeper', () => {
  const ids = Array.from({ length: 500 }, (_, n) => n);
  expect(read(ids)).toHaveLength(80);
  expect(toRawText(ids)).toContain('"421 more"');
  expect(toRawText({ first: ids, last: 'x' })).toContain('"…":"1 more"');
  expect(toRawText({ a: { b: { c: { d: { e: { f: { g: 1 } } } } } } })).toContain('"f":"…"');
});

test('bounds a record whose members hold nothing', () => {
  expect(toRawText(Array.from({ length: 100_000 }, () => ({}))).length).toBeLessThan(1_000);
});
