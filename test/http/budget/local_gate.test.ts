import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import { response } from '../loopback.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const throttled = (seconds: number) => response(429, { 'retry-after': String(seconds) });
/** A wait of so many ms, to one. */
const waiting = (ms: number) => ({ wait: expect.closeTo(ms, 0) });

test('calls are admitted up to the limit, then when the slot of the first is free', async () => {
  const gate = createLocalGate(2);
  expect(await gate.admit()).toBe('admitted');
  expect(await gate.admit()).toBe('admitted');
  expect(await gate.admit()).toEqual({ wait: Number.POSITIVE_INFINITY });
  gate.release(response());
  expect(await gate.admit()).toEqual(waiting(60_050));
});

test('a call that was given back leaves its slot and its token to another', async () => {
  const gate = createLocalGate(1);
  await gate.admit();
  gate.giveBack();
  expect(await gate.admit()).toBe('admitted');
});

test('a call without an answer keeps its slot longer', async () => {
  const gate = createLocalGate(1);
  await gate.admit();
  gate.release(undefined);
  expect(await gate.admit()).toEqual(waiting(65_050));
});

describe('after a 429', () => {
  /** The wait for the second call after the pause, which tells the rate. */
  const gapAfter = async (others: readonly (ReturnType<typeof response> | undefined)[]) => {
    const gate = createLocalGate(100);
    for (let call = 0; call <= others.length; call++) await gate.admit();
    for (const other of others) gate.release(other);
    gate.release(throttled(1));
    vi.advanceTimersByTime(1_000);
    expect(await gate.admit()).toBe('admitted');
    return gate.admit();
  };

  test('no call is admitted before its pause is over', async () => {
    const gate = createLocalGate(100);
    await gate.admit();
    gate.release(throttled(7));
    expect(await gate.admit()).toEqual(waiting(7_000));
    vi.advanceTimersByTime(6_999);
    expect(await gate.admit()).toEqual(waiting(1));
    vi.advanceTimersByTime(1);
    expect(await gate.admit()).toBe('admitted');
  });

  test.each([[[9, 3]], [[3, 9]]])('the longest of the pauses %j counts', async (pauses) => {
    const gate = createLocalGate(100);
    for (const _ of pauses) await gate.admit();
    for (const seconds of pauses) gate.release(throttled(seconds));
    expect(await gate.admit()).toEqual(waiting(9_000));
  });

  test('the rate falls to what was accepted, whatever its status', async () => {
    const others = Array.from({ length: 30 }, (_, call) => response(call % 2 ? 200 : 404));
    // A rate of 30 is a burst of 6 and a refill of 24 a minute.
    expect(await gapAfter(others)).toEqual(waiting(60_000 / 24));
  });

  test('the rate is halved where nothing was accepted; a call without an answer was not', async () => {
    expect(await gapAfter([])).toEqual(waiting(60_000 / 40));
    expect(await gapAfter(Array.from({ length: 30 }, () => undefined))).toEqual(waiting(60_000 / 40));
  });

  test('a pause of a minute is waited out; a longer one is told at once', async () => {
    const gate = createLocalGate(100);
    await gate.admit();
    gate.release(throttled(60));
    expect(await gate.admit()).toEqual(waiting(60_000));
    const other = createLocalGate(100);
    await other.admit();
    other.release(throttled(61.2));
    expect(await other.admit()).toMatchObject({
      fault: { code: 'throttled', detail: 'The tenant asked for a pause of 62 s.', retryAfter: 62 },
    });
    vi.advanceTimersByTime(61_200);
    expect(await other.admit()).toBe('admitted');
  });
});
