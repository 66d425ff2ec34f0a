import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBudget } from '../../../src/http/budget/budget.ts';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import { createDoor, fullestWindow, request, response } from '../loopback.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** node:timers/promises is not faked by vitest, so the door waits on the faked global timer. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => globalThis.setTimeout(resolve, ms)),
}));

describe('the ceiling', () => {
  test('no window at the door holds more than N, whatever the network does, and 95 % of the ideal is sent', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 300 })),
        async (limit, delays) => {
          const next = () => Number(delays.next().value);
          const door = createDoor({ toDoor: next, back: next });
          const send = createBudget(createLocalGate(limit))(door.send);
          const start = performance.now();
          const calls = Array.from({ length: 3 * limit }, () => send(request()));
          await vi.advanceTimersByTimeAsync(180_000);
          await Promise.all(calls);
          expect(fullestWindow(door.arrivals)).toBeLessThanOrEqual(limit);
          // An ideal limiter sends the last third at 120 s.
          expect(Math.max(...door.arrivals) - start).toBeLessThan(120_000 / 0.95);
        },
      ),
      { numRuns: 40 },
    );
  });

  test('after idle time a full burst leaves at once', async () => {
    const door = createDoor({ toDoor: () => 0, back: () => 10 });
    const send = createBudget(createLocalGate(50))(door.send);
    for (let round = 1; round <= 2; round++) {
      const calls = Array.from({ length: 50 }, () => send(request()));
      await vi.advanceTimersByTimeAsync(20);
      await Promise.all(calls);
      expect(door.arrivals).toHaveLength(50 * round);
      await vi.advanceTimersByTimeAsync(61_000);
    }
  });

  test('a call without an answer holds its slot longer than one with', async () => {
    const door = createDoor({ toDoor: () => 0, back: () => 0 });
    const send = createBudget(createLocalGate(1))(async (req) => {
      await door.send(req);
      if (door.arrivals.length === 1) throw new Error('reset');
      return response();
    });
    await Promise.all([expect(send(request())).rejects.toThrow('reset'), vi.advanceTimersByTimeAsync(1)]);
    const second = send(request());
    await vi.advanceTimersByTimeAsync(64_000);
    expect(door.arrivals).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(2_000);
    await second;
  });
});

describe('the line', () => {
  test('calls leave in the order in which they came', async () => {
    const left: number[] = [];
    const send = createBudget(createLocalGate(3))(async ({ headers }) => {
      left.push(Number(headers.n));
      return response();
    });
    const calls = Array.from({ length: 9 }, (_, n) => send(request({ headers: { n: String(n) } })));
    await vi.advanceTimersByTimeAsync(130_000);
    await Promise.all(calls);
    expect(left).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8]);
  });

  test('a call for which nobody waits stands behind everyone, also behind those who come later', async () => {
    const left: (string | undefined)[] = [];
    const send = createBudget(createLocalGate(1))(async ({ headers }) => {
      left.push(headers.n);
      return response();
    });
    const call = (n: string, background = false) => send(request({ headers: { n }, background }));
    const calls = [call('first'), call('poll', true), call('second'), call('third')];
    await vi.advanceTimersByTimeAsync(250_000);
    await Promise.all(calls);
    expect(left).toEqual(['first', 'second', 'third', 'poll']);
  });

  test('a cancelled call leaves the line without costing a call', async () => {
    const door = createDoor({ toDoor: () => 0, back: () => 0 });
    const send = createBudget(createLocalGate(2))(door.send);
    const cancel = new AbortController();
    const first = [send(request()), send(request())];
    const waiting = send(request({ signal: cancel.signal }));
    const last = send(request());
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await vi.advanceTimersByTimeAsync(61_000);
    await Promise.all([...first, last]);
    expect(door.arrivals).toHaveLength(3);
    // Both slots of this window are there again one minute later: the cancelled call took none.
    await vi.advanceTimersByTimeAsync(61_000);
    const more = [send(request()), send(request())];
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(more);
  });

  test('a call that was cancelled before it came is refused at once', async () => {
    const door = createDoor({ toDoor: () => 0, back: () => 0 });
    const send = createBudget(createLocalGate(2))(door.send);
    await expect(send(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'cancelled' });
    expect(door.arrivals).toHaveLength(0);
  });

  test('who has to wait is told how many stand before it', async () => {
    const told: number[] = [];
    const send = createBudget(createLocalGate(1))(async () => response());
    const calls = [0, 1, 2].map(() => send(request({ onWait: (ahead) => told.push(ahead) })));
    await vi.advanceTimersByTimeAsync(130_000);
    await Promise.all(calls);
    expect(told).toEqual([0, 1]);
  });
});

describe('a 429', () => {
  test('stops everyone for Retry-After', async () => {
    const door = createDoor({
      toDoor: () => 0,
      back: () => 0,
      answer: (arrivals) => (arrivals.length === 1 ? response(429, { 'retry-after': '2' }) : response()),
    });
    const send = createBudget(createLocalGate(100))(door.send);
    const first = send(request());
    await vi.advanceTimersByTimeAsync(1);
    const others = Array.from({ length: 5 }, () => send(request()));
    await vi.advanceTimersByTimeAsync(1_990);
    expect(door.arrivals).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all([first, ...others]);
    expect(door.arrivals).toHaveLength(6);
  });

  test('a pause longer than a minute is told at once to everyone who waits', async () => {
    const door = createDoor({ toDoor: () => 0, back: () => 0, answer: () => response(429, { 'retry-after': '600' }) });
    const send = createBudget(createLocalGate(1))(door.send);
    const told = [
      expect(send(request())).resolves.toMatchObject({ status: 429 }),
      expect(send(request())).rejects.toMatchObject({ code: 'throttled', retryAfter: 600 }),
    ];
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(told);
    await expect(send(request())).rejects.toMatchObject({ code: 'throttled' });
  });

  test('teaches what the tenant bears: few refusals in ten minutes against a third of the configured rate', async () => {
    const born = 30;
    let refused = 0;
    const accepted: number[] = [];
    const door = createDoor({
      toDoor: () => 20,
      back: () => 20,
      answer() {
        const now = performance.now();
        const recent = accepted.filter((time) => time > now - 60_000);
        if (recent.length >= born) {
          refused++;
          const seconds = Math.ceil(((recent[0] ?? now) + 60_000 - now) / 1000);
          return response(429, { 'retry-after': String(seconds) });
        }
        accepted.push(now);
        return response();
      },
    });
    const send = createBudget(createLocalGate(100))(door.send);
    let asked = true;
    const worker = async () => {
      while (asked) await send(request());
    };
    const workers = Array.from({ length: 4 }, worker);
    await vi.advanceTimersByTimeAsync(600_000);
    asked = false;
    await vi.advanceTimersByTimeAsync(120_000);
    await Promise.all(workers);
    expect(refused).toBeLessThan(accepted.length / 10);
    // At least 70 % of what this tenant would have taken.
    expect(accepted.filter((time) => time < 600_000).length).toBeGreaterThan(born * 10 * 0.7);
  });
});
