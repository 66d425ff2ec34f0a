import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../../src/core/errors.ts';
import type { Admission } from '../../../src/http/budget/gate.ts';
import { createQueue } from '../../../src/http/budget/queue.ts';
import { request } from '../loopback.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const CLOSED: Admission = { wait: Number.POSITIVE_INFINITY };
const THROTTLED: Admission = { fault: new Fault('throttled', 'x') };
/** Runs what waits for no timer. */
const settle = () => vi.advanceTimersByTimeAsync(0);

/** A queue before a gate with so many free slots; without one the gate answers `closed`. */
function setUp(closed: Admission = CLOSED) {
  const gate = { slots: 0, closed, asked: 0, givenBack: 0 };
  const slot = { giveBack: () => void gate.givenBack++, release: () => {} };
  const queue = createQueue({
    async admit() {
      gate.asked++;
      if (gate.slots === 0) return gate.closed;
      gate.slots--;
      return { slot };
    },
  });
  const ended: string[] = [];
  const enter = (name: string, more: Parameters<typeof request>[0] = {}) =>
    queue.enter(request(more)).then(
      () => void ended.push(name),
      (error: unknown) => void ended.push(`${name} ${error instanceof Fault ? error.code : error}`),
    );
  const free = async (slots: number) => {
    gate.slots += slots;
    queue.advance();
    await settle();
  };
  return { gate, queue, ended, enter, free };
}

describe('the order', () => {
  test('is first in, first out, as far as there are slots', async () => {
    const { ended, enter, free } = setUp();
    for (const name of ['a', 'b', 'c']) void enter(name);
    await settle();
    expect(ended).toEqual([]);
    await free(2);
    expect(ended).toEqual(['a', 'b']);
    await free(1);
    expect(ended).toEqual(['a', 'b', 'c']);
  });

  test('puts background calls last, in their own order', async () => {
    const { ended, enter, free } = setUp();
    void enter('x', { background: true });
    void enter('a');
    void enter('y', { background: true });
    void enter('b');
    await free(4);
    expect(ended).toEqual(['a', 'b', 'x', 'y']);
  });

  test('keeps the position of the first attempt for a repeated one', async () => {
    const { ended, enter, free } = setUp();
    const ticket = {};
    void enter('first', { ticket });
    await free(1);
    void enter('a');
    void enter('b');
    void enter('again', { ticket });
    await free(3);
    expect(ended).toEqual(['first', 'again', 'a', 'b']);
  });
});

describe('a call', () => {
  test('for which there is a slot is admitted without a report', async () => {
    const { gate, ended, enter } = setUp();
    gate.slots = 1;
    const reports: number[] = [];
    await enter('a', { onWait: (ahead) => reports.push(ahead) });
    expect(ended).toEqual(['a']);
    expect(reports).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('that waits reports how many are ahead, at once and every ten seconds until it is admitted', async () => {
    const { enter, free } = setUp();
    const reports: number[] = [];
    void enter('a');
    void enter('b');
    void enter('c', { onWait: (ahead) => reports.push(ahead) });
    await settle();
    expect(reports).toEqual([2]);
    await free(1);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(reports).toEqual([2]);
    await vi.advanceTimersByTimeAsync(1);
    expect(reports).toEqual([2, 1]);
    await free(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reports).toEqual([2, 1, 0]);
    await free(1);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(reports).toEqual([2, 1, 0]);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('in the background counts all others as ahead, also those without a listener', async () => {
    const { enter, free } = setUp();
    const reports: number[] = [];
    void enter('a');
    void enter('x', { background: true });
    void enter('y', { background: true, onWait: (ahead) => reports.push(ahead) });
    void enter('b');
    await settle();
    expect(reports).toEqual([3]);
    await free(1);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(reports).toEqual([3, 2]);
    await free(3);
  });

  test('may wait without a listener for reports', async () => {
    const { ended, enter, free } = setUp();
    void enter('a');
    await vi.advanceTimersByTimeAsync(20_000);
    await free(1);
    expect(ended).toEqual(['a']);
  });
});

describe('the gate', () => {
  test('is asked again when its wait is over, rounded up', async () => {
    const { gate, ended, enter } = setUp({ wait: 99.5 });
    void enter('a');
    await settle();
    gate.slots = 1;
    await vi.advanceTimersByTimeAsync(99);
    expect(gate.asked).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(ended).toEqual(['a']);
  });

  test('that tells no end of its wait is asked only when a call has ended', async () => {
    const { gate, enter } = setUp();
    void enter('a');
    await settle();
    // The one timer is that of the reports.
    expect(vi.getTimerCount()).toBe(1);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(gate.asked).toBe(1);
  });

  test('has one timer, however often it is asked in between', async () => {
    const { gate, queue, enter } = setUp({ wait: 1_000 });
    void enter('a');
    await settle();
    for (let times = 0; times < 5; times++) {
      queue.advance();
      await settle();
    }
    expect(gate.asked).toBe(6);
    expect(vi.getTimerCount()).toBe(2);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(gate.asked).toBe(7);
  });

  test('is never asked concurrently, and once more where it may have opened meanwhile', async () => {
    let asking = 0;
    let most = 0;
    let asked = 0;
    const slot = { giveBack: () => {}, release: () => {} };
    const queue = createQueue({
      async admit() {
        asked++;
        most = Math.max(most, ++asking);
        await new Promise((resolve) => setTimeout(resolve, 10));
        asking--;
        return asked < 3 ? CLOSED : { slot };
      },
    });
    const entered = queue.enter(request());
    await vi.advanceTimersByTimeAsync(5);
    queue.advance();
    queue.advance();
    await vi.advanceTimersByTimeAsync(20);
    expect(asked).toBe(2);
    queue.advance();
    await vi.advanceTimersByTimeAsync(10);
    await expect(entered).resolves.toBe(slot);
    expect(most).toBe(1);
  });

  test('is not asked while no call waits', async () => {
    const { gate, free } = setUp();
    await free(1);
    expect(gate.asked).toBe(0);
  });

  test('that refuses fails every call that waits, and the next call asks anew', async () => {
    const { gate, ended, enter, free } = setUp();
    void enter('a');
    void enter('b');
    await settle();
    gate.closed = THROTTLED;
    await free(0);
    expect(ended).toEqual(['a throttled', 'b throttled']);
    expect(vi.getTimerCount()).toBe(0);
    void enter('c');
    await free(1);
    expect(ended.slice(2)).toEqual(['c throttled']);
  });

  test('that throws fails the calls that wait', async () => {
    const queue = createQueue({ admit: () => Promise.reject(new Error('x')) });
    await expect(queue.enter(request())).rejects.toMatchObject({ code: 'internal' });
  });

  test('gets its slot back where all calls were cancelled while it was asked', async () => {
    const { gate, ended, enter } = setUp();
    gate.slots = 1;
    const cancel = new AbortController();
    void enter('a', { signal: cancel.signal });
    cancel.abort();
    await settle();
    expect(ended).toEqual(['a cancelled']);
    expect(gate.givenBack).toBe(1);
  });
});

describe('a cancelled call', () => {
  test('leaves the queue and costs nothing; those behind it move up', async () => {
    const { queue, ended, enter, free } = setUp();
    const cancel = new AbortController();
    void enter('a');
    const cancelled = queue.enter(request({ signal: cancel.signal }));
    void enter('c');
    const expected = expect(cancelled).rejects.toMatchObject({
      code: 'cancelled',
      detail: 'The call was cancelled before it left; it cost nothing.',
    });
    await settle();
    cancel.abort();
    await expected;
    await free(2);
    expect(ended).toEqual(['a', 'c']);
  });

  test('is refused at once where it was cancelled before', async () => {
    const { gate, ended, enter, free } = setUp();
    void enter('a');
    void enter('b', { signal: AbortSignal.abort() });
    await settle();
    expect(ended).toEqual(['b cancelled']);
    await free(2);
    expect(ended).toEqual(['b cancelled', 'a']);
    expect(gate.slots).toBe(1);
  });

  test('leaves no listener behind, and neither does one that was admitted or refused', async () => {
    const { gate, enter, free } = setUp();
    const [admitted, cancelled, refused] = [new AbortController(), new AbortController(), new AbortController()];
    void enter('admitted', { signal: admitted.signal });
    void enter('cancelled', { signal: cancelled.signal });
    void enter('refused', { signal: refused.signal });
    await settle();
    expect(getEventListeners(admitted.signal, 'abort')).toHaveLength(1);
    cancelled.abort();
    await free(1);
    gate.closed = THROTTLED;
    await free(0);
    for (const { signal } of [admitted, cancelled, refused]) expect(getEventListeners(signal, 'abort')).toEqual([]);
    expect(vi.getTimerCount()).toBe(0);
  });
});
