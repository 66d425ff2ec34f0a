import { describe, expect, test } from 'vitest';
import { createPoll } from '../../src/watch/poll.ts';
import { createVirtualClock } from './virtual_clock.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

function setUp(source?: (count: number, signal: AbortSignal) => Promise<number> | number) {
  const clock = createVirtualClock();
  const reads: { at: number; queries: readonly string[]; background: boolean }[] = [];
  const poll = createPoll<string, number>({
    clock,
    interval: MINUTE,
    async read(queries, { signal, background }) {
      reads.push({ at: clock.now(), queries, background });
      const page = (await source?.(reads.length, signal)) ?? reads.length;
      return new Map(queries.map((query) => [query, page]));
    },
  });
  return { clock, reads, poll };
}

describe('polling', () => {
  test('makes no call while nobody waits or subscribes', async () => {
    const { clock, reads } = setUp();
    await clock.advance(20 * MINUTE);
    expect(reads).toEqual([]);
  });

  test('makes one call an interval for any number of subscribers, and tells each of them', async () => {
    const { clock, reads, poll } = setUp();
    const heard = Array.from({ length: 50 }, () => 0);
    heard.forEach((_, n) => {
      poll.join(`query ${n}`, () => {
        heard[n] = (heard[n] ?? 0) + 1;
      });
    });
    await clock.advance(20 * MINUTE);
    expect(reads.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, n) => (n + 1) * MINUTE));
    expect(reads[0]?.queries).toHaveLength(50);
    expect(heard).toEqual(heard.map(() => 20));
  });

  test('ends when the last subscriber leaves, and begins again with the next', async () => {
    const { clock, reads, poll } = setUp();
    const leave = poll.join('a', () => {});
    await clock.advance(2 * MINUTE);
    leave();
    await clock.advance(10 * MINUTE);
    expect(reads).toHaveLength(2);
    poll.join('b', () => {});
    await clock.advance(MINUTE);
    expect(reads).toHaveLength(3);
  });

  test('tells nothing to a subscriber that left during the read', async () => {
    const { clock, poll } = setUp(() => clock.sleep(1000, never).then(() => 1));
    let heard = 0;
    poll.join('stays', () => {});
    const leave = poll.join('leaves', () => heard++);
    await clock.advance(MINUTE + 500);
    leave();
    await clock.advance(MINUTE);
    expect(heard).toBe(0);
  });

  test('backs off while the service is down, and recovers', async () => {
    const { clock, reads, poll } = setUp((count) => (count <= 4 ? Promise.reject(new Error('down')) : count));
    const heard: (number | undefined)[] = [];
    poll.join('a', (page) => heard.push(page));
    await clock.advance(30 * MINUTE);
    expect(reads.map(({ at }) => at / MINUTE).slice(0, 6)).toEqual([1, 3, 7, 12, 17, 18]);
    expect(heard[0]).toBe(5);
  });
});

describe('an immediate read', () => {
  test('is shared by all who ask before it begins', async () => {
    const { clock, reads, poll } = setUp();
    const looks = Array.from({ length: 50 }, () => poll.now('a', never));
    await clock.advance(0);
    expect(await Promise.all(looks)).toEqual(looks.map(() => 1));
    expect(reads).toHaveLength(1);
  });

  test('that is asked for during another is made after it, with its own query', async () => {
    const { clock, reads, poll } = setUp(() => clock.sleep(1000, never).then(() => reads.length));
    const first = poll.now('a', never);
    await clock.advance(500);
    const second = poll.now('b', never);
    await clock.advance(2000);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(reads.map(({ queries }) => queries)).toEqual([['a'], ['b']]);
  });

  test('does not wait for a background read, which is cancelled and made again for both', async () => {
    const hang = (signal: AbortSignal) =>
      new Promise<number>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { clock, reads, poll } = setUp((count, signal) => (count === 1 ? hang(signal) : count));
    const heard: (number | undefined)[] = [];
    poll.join('subscriber', (page) => heard.push(page));
    await clock.advance(MINUTE);
    const look = poll.now('person', never);
    await clock.advance(0);
    expect(await look).toBe(2);
    expect(heard).toEqual([2]);
    expect(reads[1]?.queries).toEqual(['subscriber', 'person']);
  });

  test('that fails rejects for whoever asked', async () => {
    const { clock, poll } = setUp(() => Promise.reject(new Error('down')));
    poll.join('silent', () => {});
    await Promise.all([expect(poll.now('a', never)).rejects.toThrow('down'), clock.advance(1)]);
  });

  test('that is cancelled before it is made costs no call', async () => {
    const { clock, reads, poll } = setUp();
    await expect(poll.now('a', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    await clock.advance(MINUTE);
    expect(reads).toEqual([]);
  });
});
