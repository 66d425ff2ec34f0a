import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../../src/core/errors.ts';
import { createBudget } from '../../../src/http/budget/budget.ts';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import { createDelayedService, request, response } from '../loopback.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Vitest does not fake node:timers/promises, so the delays of the service use the faked global timer. */
vi.mock('node:timers/promises', () => ({
  setTimeout: (ms: number) => new Promise((resolve) => globalThis.setTimeout(resolve, ms)),
}));

describe('the call limit', () => {
  test('lets a full burst leave at once after an idle minute', async () => {
    const service = createDelayedService({ requestDelay: () => 0, responseDelay: () => 10 });
    const send = createBudget(createLocalGate(50))(service.send);
    for (let round = 1; round <= 2; round++) {
      const calls = Array.from({ length: 50 }, () => send(request()));
      await vi.advanceTimersByTimeAsync(20);
      await Promise.all(calls);
      expect(service.arrivals).toHaveLength(50 * round);
      await vi.advanceTimersByTimeAsync(61_000);
    }
  });

  test.each(['timeout', 'cancelled', 'connection_lost', 'too_large'] as const)(
    'counts a call that ended with %s four minutes longer',
    async (code) => {
      let sent = 0;
      const send = createBudget(createLocalGate(1))(async () => {
        if (++sent === 1) throw new Fault(code, 'planted');
        return response();
      });
      await expect(send(request())).rejects.toMatchObject({ code });
      await expect(send(request())).rejects.toMatchObject({ code: 'throttled', retryAfter: 301 });
      await vi.advanceTimersByTimeAsync(299_000);
      const second = send(request());
      await vi.advanceTimersByTimeAsync(1_000);
      expect(sent).toBe(1);
      await vi.advanceTimersByTimeAsync(100);
      await second;
    },
  );

  test('counts no call that never left', async () => {
    let tried = 0;
    const send = createBudget(createLocalGate(1))(async () => {
      if (++tried <= 5) throw new Fault('unreachable', 'planted');
      return response();
    });
    for (let call = 1; call <= 5; call++) {
      await expect(send(request())).rejects.toMatchObject({ code: 'unreachable' });
    }
    await send(request());
    expect(tried).toBe(6);
  });
});

describe('the queue', () => {
  test('lets calls leave in the order in which they came', async () => {
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

  test('puts a background call behind all others, also behind those that come later', async () => {
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

  test('drops a cancelled call, which then uses up none of the limit', async () => {
    const service = createDelayedService({ requestDelay: () => 0, responseDelay: () => 0 });
    const send = createBudget(createLocalGate(2))(service.send);
    const cancel = new AbortController();
    const first = [send(request()), send(request())];
    const waiting = send(request({ signal: cancel.signal }));
    const last = send(request());
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await vi.advanceTimersByTimeAsync(61_000);
    await Promise.all([...first, last]);
    expect(service.arrivals).toHaveLength(3);
    // Both slots of this window are there again one minute later: the cancelled call took none.
    await vi.advanceTimersByTimeAsync(61_000);
    const more = [send(request()), send(request())];
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(more);
  });

  test('refuses at once a call that was cancelled before it came', async () => {
    const service = createDelayedService({ requestDelay: () => 0, responseDelay: () => 0 });
    const send = createBudget(createLocalGate(2))(service.send);
    await expect(send(request({ signal: AbortSignal.abort() }))).rejects.toMatchObject({ code: 'cancelled' });
    expect(service.arrivals).toHaveLength(0);
  });

  test('tells a waiting call how many calls are ahead of it', async () => {
    const reported: number[] = [];
    const send = createBudget(createLocalGate(1))(async () => response());
    const calls = [0, 1, 2].map(() => send(request({ onWait: (ahead) => reported.push(ahead) })));
    await vi.advanceTimersByTimeAsync(130_000);
    await Promise.all(calls);
    expect(reported).toEqual([0, 1]);
  });
});

describe('a 429', () => {
  test('stops all calls for the time in Retry-After', async () => {
    const service = createDelayedService({
      requestDelay: () => 0,
      responseDelay: () => 0,
      answer: (arrivals) => (arrivals.length === 1 ? response(429, { 'retry-after': '2' }) : response()),
    });
    const send = createBudget(createLocalGate(100))(service.send);
    const first = send(request());
    await vi.advanceTimersByTimeAsync(1);
    const others = Array.from({ length: 5 }, () => send(request()));
    await vi.advanceTimersByTimeAsync(1_990);
    expect(service.arrivals).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(20_000);
    await Promise.all([first, ...others]);
    expect(service.arrivals).toHaveLength(6);
  });

  test('fails all waiting calls at once when its pause is longer than a minute', async () => {
    const service = createDelayedService({
      requestDelay: () => 0,
      responseDelay: () => 0,
      answer: () => response(429, { 'retry-after': '600' }),
    });
    const send = createBudget(createLocalGate(1))(service.send);
    const ended = [
      expect(send(request())).resolves.toMatchObject({ status: 429 }),
      expect(send(request())).rejects.toMatchObject({ code: 'throttled', retryAfter: 600 }),
    ];
    await vi.advanceTimersByTimeAsync(1);
    await Promise.all(ended);
    await expect(send(request())).rejects.toMatchObject({ code: 'throttled' });
  });
});
