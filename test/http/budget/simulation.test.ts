import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createBudget } from '../../../src/http/budget/budget.ts';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import { createDelayedService, fullestWindow, request, response } from '../loopback.ts';

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
  test('is never exceeded at the service, whatever the delays, and 95 % of it is used', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fc.infiniteStream(fc.integer({ min: 0, max: 300 })),
        async (limit, delays) => {
          const next = () => Number(delays.next().value);
          const service = createDelayedService({ requestDelay: next, responseDelay: next });
          const send = createBudget(createLocalGate(limit))(service.send);
          const start = performance.now();
          const calls = Array.from({ length: 3 * limit }, () => send(request()));
          await vi.advanceTimersByTimeAsync(180_000);
          await Promise.all(calls);
          expect(fullestWindow(service.arrivals)).toBeLessThanOrEqual(limit);
          // An ideal limiter sends the last third at 120 s.
          expect(Math.max(...service.arrivals) - start).toBeLessThan(120_000 / 0.95);
        },
      ),
      { numRuns: 40 },
    );
  });
});

describe('a 429', () => {
  test('lowers the rate to what the tenant accepts: few refusals in ten minutes at a third of it', async () => {
    const tolerated = 30;
    let refused = 0;
    const accepted: number[] = [];
    const service = createDelayedService({
      requestDelay: () => 20,
      responseDelay: () => 20,
      answer() {
        const now = performance.now();
        const recent = accepted.filter((time) => time > now - 60_000);
        if (recent.length >= tolerated) {
          refused++;
          const seconds = Math.ceil(((recent[0] ?? now) + 60_000 - now) / 1000);
          return response(429, { 'retry-after': String(seconds) });
        }
        accepted.push(now);
        return response();
      },
    });
    const send = createBudget(createLocalGate(100))(service.send);
    let isCalling = true;
    const worker = async () => {
      while (isCalling) await send(request());
    };
    const workers = Array.from({ length: 4 }, worker);
    await vi.advanceTimersByTimeAsync(600_000);
    isCalling = false;
    await vi.advanceTimersByTimeAsync(120_000);
    await Promise.all(workers);
    expect(refused).toBeLessThan(accepted.length / 10);
    // At least 70 % of what this tenant would have accepted.
    expect(accepted.filter((time) => time < 600_000).length).toBeGreaterThan(tolerated * 10 * 0.7);
  });
});
