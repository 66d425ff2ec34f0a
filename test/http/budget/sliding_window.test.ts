import { describe, expect, test } from 'vitest';
import { createSlidingWindow } from '../../../src/http/budget/sliding_window.ts';

/** How long a slot stays taken after the answer: a minute and the clock drift, ms. */
const HELD = 60_050;

describe('a window', () => {
  test('admits as many calls as it may, and no more until one has ended', () => {
    const window = createSlidingWindow(() => 2);
    expect(window.wait(0)).toBe(0);
    window.take();
    expect(window.wait(0)).toBe(0);
    window.take();
    expect(window.wait(0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('keeps a slot for a minute and the drift after the answer', () => {
    const window = createSlidingWindow(() => 1);
    window.take();
    window.release(1_000, true);
    expect(window.wait(1_000)).toBe(HELD);
    expect(window.wait(1_000 + HELD - 1)).toBe(1);
    expect(window.wait(1_000 + HELD)).toBe(0);
  });

  test('keeps a slot four minutes longer where the service may not have counted the call yet', () => {
    const window = createSlidingWindow(() => 1);
    window.take();
    window.release(1_000, false);
    expect(window.wait(1_000)).toBe(HELD + 240_000);
    expect(window.wait(1_000 + HELD + 240_000)).toBe(0);
  });

  test('frees slots by their times, in whatever order calls end', () => {
    const window = createSlidingWindow(() => 3);
    for (let call = 0; call < 3; call++) window.take();
    window.release(1_000, false);
    window.release(2_000, true);
    window.release(3_000, true);
    expect(window.wait(3_000)).toBe(2_000 + HELD - 3_000);
    expect(window.wait(2_000 + HELD)).toBe(0);
    window.take();
    expect(window.wait(2_000 + HELD)).toBe(1_000);
    expect(window.wait(3_000 + HELD)).toBe(0);
    window.take();
    expect(window.wait(3_000 + HELD)).toBe(238_000);
  });

  test('frees a slot at once that was given back', () => {
    const window = createSlidingWindow(() => 1);
    window.take();
    window.giveBack();
    expect(window.wait(0)).toBe(0);
    window.take();
    expect(window.wait(0)).toBe(Number.POSITIVE_INFINITY);
  });

  test('counts calls in flight and calls that have ended together', () => {
    const window = createSlidingWindow(() => 2);
    window.take();
    window.release(0, true);
    window.take();
    expect(window.wait(1)).toBe(HELD - 1);
    window.release(10, true);
    expect(window.wait(10)).toBe(HELD - 10);
    expect(window.wait(HELD)).toBe(0);
    window.take();
    expect(window.wait(HELD)).toBe(10);
  });
});

test('over a long time every slot is used, and no window holds more than it may', () => {
  const window = createSlidingWindow(() => 3);
  const sent: number[] = [];
  for (let now = 0; now < 1_000_000; ) {
    const wait = window.wait(now);
    if (wait === 0) {
      window.take();
      window.release(now, true);
      sent.push(now);
    }
    now += wait === 0 ? 7_000 : wait;
  }
  // Each call waits for the third before it.
  for (const [index, time] of sent.slice(3).entries()) expect(time - (sent[index] ?? 0)).toBe(HELD);
  expect(sent.length).toBe(51);
});
