import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAdaptiveRate } from '../../../src/http/budget/adaptive_rate.ts';

const MINUTE = 60_000;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const now = () => performance.now();
const pass = (ms: number) => vi.advanceTimersByTime(ms);
type Rate = ReturnType<typeof createAdaptiveRate>;

/** Takes all calls that may be sent now. @returns how many */
function takeAll(rate: Rate): number {
  let calls = 0;
  for (; rate.wait(now()) === 0 && calls < 1_000; calls++) rate.take();
  return calls;
}

/** A 429 after so many accepted calls, and the end of its pause. */
function throttle(rate: Rate, accepted: number): void {
  for (let call = 0; call < accepted; call++) rate.onAccepted(now());
  rate.onThrottled(now());
  pass(1_000);
  rate.onResumed(now());
}

/** A fifth of a rate is the burst, the rest is the refill a minute. */
const burstAt = (rate: number) => Math.max(1, Math.floor(rate / 5));
/** The time to the next call at a rate below the limit, ms. */
const gapAt = (rate: number) => MINUTE / Math.max(1, rate - burstAt(rate));

function expectGap(rate: Rate, gap: number): void {
  takeAll(rate);
  expect(rate.wait(now())).toSatisfy((ms: number) => Math.abs(ms - gap) < 2, `${rate.wait(now())} ms, not ${gap}`);
}

test('at first the calls of a whole minute may be sent at once', () => {
  expect(takeAll(createAdaptiveRate(100))).toBe(100);
});

test('a call that was given back can be sent once more, and the bucket never overflows', () => {
  const rate = createAdaptiveRate(100);
  rate.giveBack();
  expect(takeAll(rate)).toBe(100);
  rate.giveBack();
  expect(takeAll(rate)).toBe(1);
  expect(rate.wait(now())).toBeGreaterThan(0);
});

describe('after a 429', () => {
  test.each([
    [100, 50, 50],
    [100, 89, 89],
    [100, 95, 90],
    [100, 25, 25],
    [100, 24, 50],
    [100, 0, 50],
    [40, 10, 10],
    [40, 9, 20],
  ])('of a limit of %i with %i accepted calls, the rate is %i', (limit, accepted, lowered) => {
    const rate = createAdaptiveRate(limit);
    throttle(rate, accepted);
    expect(takeAll(rate)).toBe(1);
    expectGap(rate, gapAt(lowered));
    // Just before the rate rises again.
    pass(MINUTE - 1);
    expect(takeAll(rate)).toBe(burstAt(lowered));
  });

  test.each([
    [1, 0],
    [4, 1],
  ])('of a limit of %i with %i accepted calls, one call a minute is left', (limit, accepted) => {
    const rate = createAdaptiveRate(limit);
    throttle(rate, accepted);
    expect(takeAll(rate)).toBe(1);
    expectGap(rate, MINUTE);
  });

  test('the rate never falls below a twentieth of the limit', () => {
    const rate = createAdaptiveRate(100);
    for (let times = 0; times < 12; times++) throttle(rate, 0);
    expectGap(rate, gapAt(5));
  });

  test('accepted calls count from a minute before it until its pause is over', () => {
    const rate = createAdaptiveRate(100);
    for (let call = 0; call < 60; call++) rate.onAccepted(now());
    pass(MINUTE);
    for (let call = 0; call < 30; call++) rate.onAccepted(now());
    rate.onThrottled(now());
    pass(500);
    for (let call = 0; call < 10; call++) rate.onAccepted(now());
    pass(MINUTE);
    // The second of two does not move the minute that counts.
    rate.onThrottled(now());
    rate.onResumed(now());
    expectGap(rate, gapAt(40));
  });

  test('an answer during its pause drops nothing of the minute before it', () => {
    const rate = createAdaptiveRate(100);
    rate.onAccepted(now());
    pass(45_000);
    for (let call = 0; call < 30; call++) rate.onAccepted(now());
    pass(30_000);
    rate.onThrottled(now());
    pass(50_000);
    rate.onAccepted(now());
    rate.onResumed(now());
    expectGap(rate, gapAt(31));
  });

  test('calls that were accepted long before it do not count, and the log of them is cut', () => {
    const rate = createAdaptiveRate(100);
    for (let call = 0; call < 60; call++) rate.onAccepted(now());
    pass(100_000);
    for (let call = 0; call < 20; call++) rate.onAccepted(now());
    pass(2 * MINUTE + 1 - 100_000);
    for (let call = 0; call < 15; call++) rate.onAccepted(now());
    throttle(rate, 0);
    expectGap(rate, gapAt(35));
  });

  test('accepted calls count wherever they are in that minute', () => {
    const rate = createAdaptiveRate(100);
    for (let call = 0; call < 30; call++) {
      rate.onAccepted(now());
      pass(1_000);
    }
    throttle(rate, 0);
    expectGap(rate, gapAt(30));
  });
});

describe('while no further 429 comes', () => {
  test('the rate rises by a twentieth of the limit a minute, up to the limit', () => {
    const rate = createAdaptiveRate(100);
    throttle(rate, 50);
    for (const raised of [55, 60, 65]) {
      pass(MINUTE);
      expectGap(rate, gapAt(raised));
    }
    pass(7 * MINUTE);
    expectGap(rate, MINUTE / 100);
    pass(20 * MINUTE);
    expect(takeAll(rate)).toBe(100);
    expectGap(rate, MINUTE / 100);
  });

  test('the rate does not rise before a whole minute', () => {
    const rate = createAdaptiveRate(100);
    throttle(rate, 50);
    pass(MINUTE - 1);
    expectGap(rate, gapAt(50));
    pass(1);
    expectGap(rate, gapAt(55));
  });

  test('the rate rises by one call at least', () => {
    const rate = createAdaptiveRate(10);
    throttle(rate, 5);
    pass(MINUTE);
    expectGap(rate, gapAt(6));
  });

  test('a rise adds no calls to those that have gathered', () => {
    const rate = createAdaptiveRate(100);
    throttle(rate, 50);
    takeAll(rate);
    // Nothing was asked in between, so nothing has been refilled.
    pass(MINUTE);
    expect(takeAll(rate)).toBeLessThanOrEqual(1);
  });
});

test('between a 429 and the end of its pause the rate does not rise', () => {
  const rate = createAdaptiveRate(100);
  throttle(rate, 50);
  rate.onThrottled(now());
  pass(3 * MINUTE);
  expectGap(rate, gapAt(50));
});
