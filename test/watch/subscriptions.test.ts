import { describe, expect, test } from 'vitest';
import { createPoll } from '../../src/watch/poll.ts';
import { subscribe } from '../../src/watch/subscriptions.ts';
import { createVirtualClock } from './virtual_clock.ts';

const MINUTE = 60_000;

function setUp(answer: () => string | undefined) {
  const clock = createVirtualClock();
  let reads = 0;
  const poll = createPoll<unknown, unknown>({
    clock,
    interval: MINUTE,
    async read(queries) {
      reads++;
      const page = answer();
      return new Map(page === undefined ? [] : queries.map((query) => [query, page]));
    },
  });
  return { clock, poll, reads: () => reads };
}

describe('a subscription', () => {
  test('is told of each change and of nothing else in 20 intervals', async () => {
    let content: string | undefined = 'one';
    const { clock, poll, reads } = setUp(() => content);
    let changes = 0;
    const subscribing = subscribe(poll, 'open', () => changes++);
    await clock.advance(0);
    const leave = await subscribing;
    await clock.advance(20 * MINUTE);
    expect({ changes, reads: reads() }).toEqual({ changes: 0, reads: 21 });
    content = 'two';
    await clock.advance(2 * MINUTE);
    expect(changes).toBe(1);
    content = undefined;
    await clock.advance(2 * MINUTE);
    expect(changes).toBe(2);
    leave();
    await clock.advance(20 * MINUTE);
    expect(reads()).toBe(25);
  });

  test('that begins while the service is down is told as soon as it is back', async () => {
    let isDown = true;
    const { clock, poll } = setUp(() => {
      if (isDown) throw new Error('down');
      return 'one';
    });
    let changes = 0;
    await Promise.all([subscribe(poll, 'open', () => changes++), clock.advance(0)]);
    isDown = false;
    await clock.advance(5 * MINUTE);
    expect(changes).toBe(1);
  });
});
