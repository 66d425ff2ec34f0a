import { describe, expect, test } from 'vitest';
import { createWatcher } from '../src/watch.ts';
import { createVirtualClock } from './clock.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

function setUp(source?: (poll: number, signal: AbortSignal) => Promise<number> | number) {
  const clock = createVirtualClock();
  const polls: { at: number; needs: readonly string[] }[] = [];
  const watcher = createWatcher<string, number>({
    clock,
    interval: MINUTE,
    async source(needs, signal) {
      polls.push({ at: clock.now(), needs });
      return source?.(polls.length, signal) ?? polls.length;
    },
  });
  return { clock, polls, watcher };
}

describe('polling', () => {
  test('costs nothing while nobody is there', async () => {
    const { clock, polls } = setUp();
    await clock.advance(20 * MINUTE);
    expect(polls).toEqual([]);
  });

  test('costs one call an interval however many are there, and tells each of them', async () => {
    const { clock, polls, watcher } = setUp();
    const heard = Array.from({ length: 50 }, () => 0);
    heard.forEach((_, n) => {
      watcher.join(`need ${n}`, () => {
        heard[n] = (heard[n] ?? 0) + 1;
      });
    });
    await clock.advance(20 * MINUTE);
    expect(polls.map(({ at }) => at)).toEqual(Array.from({ length: 20 }, (_, n) => (n + 1) * MINUTE));
    expect(polls[0]?.needs).toHaveLength(50);
    expect(heard).toEqual(heard.map(() => 20));
  });

  test('ends when the last one leaves, and begins again with the next', async () => {
    const { clock, polls, watcher } = setUp();
    const leave = watcher.join('a', () => {});
    await clock.advance(2 * MINUTE);
    leave();
    await clock.advance(10 * MINUTE);
    expect(polls).toHaveLength(2);
    watcher.join('b', () => {});
    await clock.advance(MINUTE);
    expect(polls).toHaveLength(3);
  });

  test('who has left while a poll was under way hears nothing of it', async () => {
    const { clock, watcher } = setUp(() => clock.sleep(1000, never).then(() => 1));
    let heard = 0;
    watcher.join('stays', () => {});
    const leave = watcher.join('leaves', () => heard++);
    await clock.advance(MINUTE + 500);
    leave();
    await clock.advance(MINUTE);
    expect(heard).toBe(0);
  });

  test('backs off while the service is down, survives, and comes back', async () => {
    const { clock, polls, watcher } = setUp((poll) => (poll <= 4 ? Promise.reject(new Error('down')) : poll));
    const heard: number[] = [];
    watcher.join('a', (snapshot) => heard.push(snapshot));
    await clock.advance(30 * MINUTE);
    expect(polls.map(({ at }) => at / MINUTE).slice(0, 6)).toEqual([1, 3, 7, 12, 17, 18]);
    expect(heard[0]).toBe(5);
  });
});

describe('a look at once', () => {
  test('is shared by all who ask while it is due', async () => {
    const { clock, polls, watcher } = setUp();
    const looks = Array.from({ length: 50 }, () => watcher.now('a', never));
    await clock.advance(0);
    expect(await Promise.all(looks)).toEqual(looks.map(() => 1));
    expect(polls).toHaveLength(1);
  });

  test('asked for during a poll is made after it, with its own need', async () => {
    const { clock, polls, watcher } = setUp(() => clock.sleep(1000, never).then(() => polls.length));
    const first = watcher.now('a', never);
    await clock.advance(500);
    const second = watcher.now('b', never);
    await clock.advance(2000);
    expect(await Promise.all([first, second])).toEqual([1, 2]);
    expect(polls.map(({ needs }) => needs)).toEqual([['a'], ['b']]);
  });

  test('does not wait for a poll that yields to everyone: it is taken back and made again, for both', async () => {
    const hang = (signal: AbortSignal) =>
      new Promise<number>((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    const { clock, polls, watcher } = setUp((poll, signal) => (poll === 1 ? hang(signal) : poll));
    const heard: number[] = [];
    watcher.join('subscriber', (snapshot) => heard.push(snapshot));
    await clock.advance(MINUTE);
    const look = watcher.now('person', never);
    await clock.advance(0);
    expect(await look).toBe(2);
    expect(heard).toEqual([2]);
    expect(polls[1]?.needs).toEqual(['subscriber', 'person']);
  });

  test('that fails says so to who asked, and to nobody else', async () => {
    const { clock, watcher } = setUp(() => Promise.reject(new Error('down')));
    watcher.join('silent', () => {});
    await Promise.all([expect(watcher.now('a', never)).rejects.toThrow('down'), clock.advance(1)]);
  });

  test('that is cancelled before it is made costs no call', async () => {
    const { clock, polls, watcher } = setUp();
    await expect(watcher.now('a', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough');
    await clock.advance(MINUTE);
    expect(polls).toEqual([]);
  });
});
