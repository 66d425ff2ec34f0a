import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Caller } from '../../src/tool/caller.ts';
import { createTurns } from '../../src/writes/turns.ts';
import { callerOf } from './parts.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** Calls that begin when their turn comes and end when they are told to. */
function setUp() {
  const { begin } = createTurns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    async end(name: string) {
      ends.get(name)?.();
      await vi.advanceTimersByTimeAsync(0);
    },
    /** @param keys by default the same for all */
    async call(name: string, { keys = ['key'], caller = callerOf() }: { keys?: string[]; caller?: Caller } = {}) {
      ends.set(name, await begin(keys, caller));
      begun.push(name);
    },
  };
}

const soon = () => vi.advanceTimersByTimeAsync(0);

test('calls with the same key come one after the other', async () => {
  const { begun, end, call } = setUp();
  for (const name of ['a', 'b', 'c']) void call(name);
  await soon();
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'b']);
  await end('b');
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('calls without a common key do not wait for each other; one with several waits for all before it', async () => {
  const { begun, end, call } = setUp();
  void call('one', { keys: ['1'] });
  void call('other', { keys: ['2'] });
  void call('both', { keys: ['1', '2'] });
  void call('after', { keys: ['2', '3'] });
  void call('third', { keys: ['4'] });
  await soon();
  expect(begun).toEqual(['one', 'other', 'third']);
  await end('one');
  expect(begun).not.toContain('both');
  await end('other');
  expect(begun).toEqual(['one', 'other', 'third', 'both']);
  await end('both');
  expect(begun).toContain('after');
});

test('a call that names a key twice does not wait for itself', async () => {
  const { begun, call } = setUp();
  await call('a', { keys: ['1', '1'] });
  expect(begun).toEqual(['a']);
});

test('a call that comes when all are over begins at once', async () => {
  const { begun, end, call } = setUp();
  for (const name of ['a', 'b', 'c']) {
    await call(name);
    expect(begun).toContain(name);
    await end(name);
  }
});

test('a cancelled call does not begin, and those behind it still wait for those before it', async () => {
  const { begun, end, call } = setUp();
  const controller = new AbortController();
  void call('a');
  const cancelled = call('b', { caller: callerOf({ signal: controller.signal }) });
  void call('c');
  controller.abort();
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
  void call('d');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'c']);
  await end('c');
  expect(begun).toEqual(['a', 'c', 'd']);
  await expect(call('e', { caller: callerOf({ signal: controller.signal }) })).rejects.toMatchObject({
    code: 'cancelled',
  });
  expect(begun).not.toContain('e');
});

test('a call whose turn does not come within 50 s is told so, and does not begin later', async () => {
  const { begun, end, call } = setUp();
  const said: string[] = [];
  void call('a');
  const told = expect(call('b', { caller: callerOf({ progress: (text) => said.push(text) }) })).rejects.toMatchObject({
    code: 'question_open',
    detail: 'The call waited 50 seconds for its turn.',
  });
  expect(said).toEqual(['Waiting until another change has been decided.']);
  await vi.advanceTimersByTimeAsync(49_999);
  const late = call('c');
  await vi.advanceTimersByTimeAsync(1);
  await told;
  await end('a');
  expect(begun).toEqual(['a', 'c']);
  await late;
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing stays behind of a call whose turn has come', async () => {
  const { end, call } = setUp();
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, 'removeEventListener');
  await call('a');
  void call('b', { caller: callerOf({ signal }) });
  await end('a');
  expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  expect(vi.getTimerCount()).toBe(0);
});
