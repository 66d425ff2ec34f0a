import { expect, test } from 'vitest';
import { createOpenCalls } from '../../src/call/open_calls.ts';
import type { Caller } from '../../src/tool/caller.ts';

const callerOf = (session: string): Caller => ({
  signal: new AbortController().signal,
  progress: () => {},
  client: { session, name: 'test', version: '1' },
});

/** Opens so many calls that end when `end` is called. */
function open(withinLimit: ReturnType<typeof createOpenCalls>, session: string, count: number) {
  const ends: (() => void)[] = [];
  const calls = Array.from({ length: count }, () =>
    withinLimit(callerOf(session), () => new Promise<void>((resolve) => void ends.push(resolve))),
  );
  return {
    calls,
    async end(some = count) {
      for (const end of ends.splice(0, some)) end();
      await new Promise(setImmediate);
    },
  };
}

const BUSY = { code: 'busy', detail: '1000 calls of this client wait for their answers already.' };

test('a session may have 1,000 calls open; a further one is refused, and runs nothing', async () => {
  const withinLimit = createOpenCalls();
  const { calls, end } = open(withinLimit, 'a', 1_000);
  let ran = 0;
  const more = async () => void ran++;
  await expect(withinLimit(callerOf('a'), more)).rejects.toMatchObject(BUSY);
  await withinLimit(callerOf('b'), more);
  expect(ran).toBe(1);
  await end(1);
  await withinLimit(callerOf('a'), more);
  expect(ran).toBe(2);
  await end();
  await Promise.all(calls);
});

test('a call that fails is open no longer', async () => {
  const withinLimit = createOpenCalls();
  for (let call = 0; call < 1_001; call++) {
    await expect(withinLimit(callerOf('a'), () => Promise.reject(new Error('x')))).rejects.toThrow('x');
  }
});

test('calls that no client makes are counted together', async () => {
  const withinLimit = createOpenCalls();
  const nobody = { signal: new AbortController().signal, progress: () => {} };
  const never = () => new Promise<void>(() => {});
  for (let call = 0; call < 1_000; call++) void withinLimit(nobody, never);
  await expect(withinLimit(nobody, never)).rejects.toMatchObject(BUSY);
});
