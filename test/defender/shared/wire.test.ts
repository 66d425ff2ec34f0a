import { expect, test } from 'vitest';
import * as z from 'zod';
import { WireAlert } from '../../../src/defender/alerts/alert.ts';
import { shortList, wireList } from '../../../src/defender/shared/wire.ts';

const alert = (entities: unknown) => WireAlert.safeParse({ _id: 'a', entities });
const copies = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);
const user = {
  type: 'account',
  id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf',
  label: 'Somebody With A Name',
  pa: 'somebody.with.a.name@contoso.onmicrosoft.com',
  em: 'somebody.with.a.name@contoso.com',
};

test('an alert with 10,000 users is read', () => {
  expect(alert(copies(10_000, user)).data?.entities).toHaveLength(10_000);
});

test.each([
  ['62,501 empty entities', copies(62_501, {})],
  ['62,501 entities that are none', copies(62_501, null)],
  ['names of more than two million characters', copies(100, { label: 'x'.repeat(20_000) })],
])('an alert with %s is unreadable', (_name, entities) => {
  expect(alert(entities).success).toBe(false);
  expect(alert(entities.slice(0, -10)).success).toBe(true);
});

test('the bound holds for lists of any members', () => {
  const numbers = wireList((member) => (typeof member === 'number' ? member : undefined));
  expect(numbers.parse([1, 'x', 2, null])).toEqual([1, 2]);
  for (const none of [undefined, null, 'x', {}]) expect(numbers.parse(none)).toEqual([]);
  expect(numbers.safeParse(copies(62_500, 1)).success).toBe(true);
  expect(numbers.safeParse(copies(62_501, 1)).success).toBe(false);
});

test('a list with a few members too many is refused before one is parsed', () => {
  let parsed = 0;
  const member = z.transform((value) => {
    parsed++;
    return value;
  });
  const list = shortList(3).pipe(z.array(member));
  expect(list.parse([1, 2, 3])).toEqual([1, 2, 3]);
  for (const other of [[1, 2, 3, 4], { length: 1 }, undefined]) expect(list.safeParse(other).success).toBe(false);
  expect(parsed).toBe(3);
});
