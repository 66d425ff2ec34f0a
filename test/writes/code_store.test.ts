import { describe, expect, test } from 'vitest';
import { createLocalStore, type IssuedCode } from '../../src/writes/code_store.ts';

const codeOf = (n: number): IssuedCode => ({
  tool: 'mdca_close',
  input: {},
  caller: '',
  session: 's1',
  states: new Map(),
  until: n,
});

async function fill(count: number) {
  const store = createLocalStore();
  for (let n = 1; n <= count; n++) await store.put(`${n}`, codeOf(n));
  return store;
}

describe('a store of codes', () => {
  test('gives back what it was given, and nothing else', async () => {
    const store = await fill(2);
    expect(await store.get('1')).toEqual(codeOf(1));
    expect(await store.get('2')).toEqual(codeOf(2));
    expect(await store.get('3')).toBeUndefined();
  });

  test('holds 500; of 501 the oldest is gone', async () => {
    const full = await fill(500);
    expect(await full.get('1')).toEqual(codeOf(1));
    await full.put('501', codeOf(501));
    expect(await full.get('1')).toBeUndefined();
    expect(await full.get('2')).toEqual(codeOf(2));
    expect(await full.get('501')).toEqual(codeOf(501));
  });

  test('lets a code be used by one, also while it is still to be read', async () => {
    const store = await fill(1);
    expect(await Promise.all([store.use('1'), store.use('1')])).toEqual([true, false]);
    expect(await store.use('1')).toBe(false);
    expect(await store.get('1')).toEqual(codeOf(1));
  });

  test('lets nobody use what it does not hold', async () => {
    const store = await fill(1);
    expect(await store.use('2')).toBe(false);
    await store.giveBack('2');
    expect(await store.use('2')).toBe(false);
  });

  test('lets a code that was given back be used by one more', async () => {
    const store = await fill(1);
    await store.use('1');
    await store.giveBack('1');
    expect(await Promise.all([store.use('1'), store.use('1')])).toEqual([true, false]);
  });

  test('lets a code that was never used be used once, though it was given back', async () => {
    const store = await fill(1);
    await store.giveBack('1');
    expect(await Promise.all([store.use('1'), store.use('1')])).toEqual([true, false]);
  });
});
