import { afterEach, beforeEach, expect, test, vi } from 'vitest';
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
  const { take } = createTurns();
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    begun,
    async end(name: string) {
      ends.get(name)?.();
      await vi.advanceTimersByTimeAsync(0);
    },
    call: (name: string, caller = callerOf()) =>
      take(caller, () => {
        begun.push(name);
        return new Promise<string>((resolve, reject) => {
          ends.set(name, () => (name.startsWith('bad') ? reject(new Error(name)) : resolve(name)));
        });
      }),
  };
}

test('calls of a session come one after the other, also after one that fails', async () => {
  const { begun, end, call } = setUp();
  const calls = ['a', 'bad', 'c'].map((name) => call(name));
  const settled = Promise.allSettled(calls);
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'bad']);
  await end('bad');
  expect(begun).toEqual(['a', 'bad', 'c']);
  await end('c');
  expect((await settled).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await calls[0]).toBe('a');
});

test('sessions do not wait for each other, and a call without a client waits for its like', () => {
  const { begun, call } = setUp();
  void call('one');
  void call('other', callerOf({ client: { session: 's2', name: '', version: '' } }));
  const { client: _, ...nobody } = callerOf();
  void call('first of nobody', nobody);
  void call('second of nobody', nobody);
  expect(begun).toEqual(['one', 'other', 'first of nobody']);
});

test('a call that comes when all are over begins at once', async () => {
  const { begun, end, call } = setUp();
  for (const name of ['a', 'b', 'c']) {
    void call(name);
    expect(begun).toContain(name);
    await end(name);
  }
});

test('a cancelled call does not begin, and those behind it still wait for those before it', async () => {
  const { begun, end, call } = setUp();
  const controller = new AbortController();
  void call('a');
  const cancelled = call('b', callerOf({ signal: controller.signal }));
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
  await expect(call('e', callerOf({ signal: controller.signal }))).rejects.toMatchObject({ code: 'cancelled' });
  expect(begun).not.toContain('e');
});

test('a call whose turn does not come within 50 s is told so, and does not begin later', async () => {
  const { begun, end, call } = setUp();
  const said: string[] = [];
  void call('a');
  const told = expect(call('b', callerOf({ progress: (text) => said.push(text) }))).rejects.toMatchObject({
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
  await end('c');
  expect(await late).toBe('c');
  expect(vi.getTimerCount()).toBe(0);
});

test('nothing stays behind of a call whose turn has come', async () => {
  const { end, call } = setUp();
  const { signal } = new AbortController();
  const removed = vi.spyOn(signal, 'removeEventListener');
  void call('a');
  void call('b', callerOf({ signal }));
  await end('a');
  expect(removed).toHaveBeenCalledWith('abort', expect.any(Function));
  expect(vi.getTimerCount()).toBe(0);
});
