import { describe, expect, test } from 'vitest';
import type { Call } from '../src/call.ts';
import { createLive } from '../src/live.ts';
import { createVirtualClock } from './clock.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

/** What each read answers, by the name of its operation; an error fails it. */
function setUp(answers: Record<string, () => Record<string, unknown>>) {
  const clock = createVirtualClock();
  const calls: string[] = [];
  const call: Call = async ({ name }) => {
    calls.push(name);
    return { value: answers[name]?.() ?? {}, text: '' };
  };
  return { clock, calls, live: createLive({ call, clock, interval: MINUTE }) };
}

const NOTHING = () => ({ alerts: [], complete: true });
const LIST = { alerts: [], returned: 0, total: 0, has_more: false };
const EMPTY = () => ({ open: LIST, alerts: [] });
const down = () => {
  throw new Error('down');
};

describe('one poll', () => {
  test('serves readers at different places by one read, where that shows enough', async () => {
    const { calls, clock, live } = setUp({ alert_feed: NOTHING });
    const looks = Array.from({ length: 50 }, (_, n) => live.feed.now({ since: n, least: 421 }, never));
    await clock.advance(0);
    await Promise.all(looks);
    expect(calls).toEqual(['alert_feed']);
  });

  test('that fails for a subscription does not fail who waits, nor the other way round', async () => {
    const failing = setUp({ alert_feed: NOTHING, watched_alerts: down });
    await Promise.all([failing.live.subscribe('open', () => {}), failing.clock.advance(0)]);
    const look = failing.live.feed.now({ since: 0, least: 1 }, never);
    await failing.clock.advance(0);
    expect(await look).toEqual({ alerts: [], complete: true });

    const other = setUp({ alert_feed: down, watched_alerts: EMPTY });
    await Promise.all([other.live.subscribe('open', () => {}), other.clock.advance(0)]);
    const failed = expect(other.live.feed.now({ since: 0, least: 1 }, never)).rejects.toThrow('down');
    await Promise.all([failed, other.clock.advance(0)]);
  });
});

describe('a subscription', () => {
  test('hears of each change and of nothing else in 20 intervals', async () => {
    let total = 1;
    const { clock, calls, live } = setUp({ watched_alerts: () => ({ open: { ...LIST, total }, alerts: [] }) });
    let changes = 0;
    const subscribing = live.subscribe('open', () => changes++);
    await clock.advance(0);
    const leave = await subscribing;
    await clock.advance(20 * MINUTE);
    expect({ changes, calls: calls.length }).toEqual({ changes: 0, calls: 21 });
    total = 2;
    await clock.advance(2 * MINUTE);
    expect(changes).toBe(1);
    leave();
    await clock.advance(20 * MINUTE);
    expect(calls).toHaveLength(23);
  });

  test('that begins while the service is down hears as soon as it is back', async () => {
    let answer: () => Record<string, unknown> = down;
    const { clock, live } = setUp({ watched_alerts: () => answer() });
    let changes = 0;
    await Promise.all([live.subscribe('open', () => changes++), clock.advance(0)]);
    answer = EMPTY;
    await clock.advance(5 * MINUTE);
    expect(changes).toBe(1);
  });
});
