import { describe, expect, test } from 'vitest';
import { watchedAlerts } from '../../src/defender/alerts/watched_alerts.ts';
import type { ArrivalRules } from '../../src/tool/source.ts';
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

  test('is not told of an answer that is missing once, but of one that is missing twice and of its return', async () => {
    let content: string | undefined = 'one';
    const { clock, poll } = setUp(() => content);
    let changes = 0;
    await Promise.all([subscribe(poll, 'open', () => changes++), clock.advance(0)]);
    const told = async (next: string | undefined) => {
      content = next;
      await clock.advance(MINUTE);
      return changes;
    };
    expect([await told(undefined), await told('one'), await told(undefined), await told('one')]).toEqual([0, 0, 0, 0]);
    expect([await told(undefined), await told(undefined), await told(undefined)]).toEqual([0, 1, 1]);
    expect([await told('one'), await told('two'), await told(undefined), await told('three')]).toEqual([2, 3, 3, 4]);
  });

  test('that begins without an answer is told of the first', async () => {
    let content: string | undefined;
    const { clock, poll } = setUp(() => content);
    let changes = 0;
    await Promise.all([subscribe(poll, 'open', () => changes++), clock.advance(2 * MINUTE)]);
    expect(changes).toBe(0);
    content = 'one';
    await clock.advance(MINUTE);
    expect(changes).toBe(1);
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

describe('what comes without a read', () => {
  const content = (...ids: string[]) => JSON.stringify({ alerts: ids.map((id) => ({ id })), total: ids.length });

  async function subscribed(first: string) {
    let now = first;
    const { clock, poll } = setUp(() => now);
    const changes: string[] = [];
    const { arrival } = watchedAlerts as unknown as { arrival: ArrivalRules<unknown, unknown> };
    await Promise.all([subscribe(poll, 'open', () => changes.push(now), { arrival }), clock.advance(0)]);
    const show = async (next: string) => {
      now = next;
      await clock.advance(MINUTE);
      return changes.length;
    };
    return { poll, show, changes };
  }

  test('is told at once, and not again when a read shows it', async () => {
    const { poll, show, changes } = await subscribed(content('a'));
    poll.arrivals.push('b');
    expect(changes).toHaveLength(1);
    expect([await show(content('a')), await show(content('a', 'b')), await show(content('b'))]).toEqual([1, 1, 2]);
  });

  test('hides no other change', async () => {
    const { poll, show } = await subscribed(content('a'));
    poll.arrivals.push('b');
    expect([await show(content('a', 'b', 'c')), await show(content('a', 'b', 'c', 'd'))]).toEqual([2, 3]);
  });

  test('is no change if a read has shown it before, and is one once', async () => {
    const { poll, show, changes } = await subscribed(content('a', 'b'));
    poll.arrivals.push('b');
    expect(changes).toEqual([]);
    poll.arrivals.push('c');
    expect([
      await show(content('a', 'b', 'c')),
      await show(content('a', 'b')),
      await show(content('a', 'b', 'c')),
    ]).toEqual([1, 2, 3]);
  });
});
