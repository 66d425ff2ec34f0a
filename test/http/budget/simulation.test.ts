import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { Fault } from '../../../src/core/errors.ts';
import { createBudget } from '../../../src/http/budget/budget.ts';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import type { Send } from '../../../src/http/layers.ts';
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

/** The longest that a request which was given up is held back before it reaches the service, ms. */
const HELD_BACK_MS = 240_000;

/** What the network does to a call: it is answered, or given up after a while and then arrives late or never. */
type Fate = { readonly kind: 'answered' | 'gateway' | 'lost'; readonly ends: number; readonly late: number };

/** A service behind a network that holds requests back. `departures` and `arrivals` hold when each one left and reached it, ms. */
function createLossyService(fates: Iterator<Fate>) {
  const departures: number[] = [];
  const arrivals: number[] = [];
  const arrive = () => void arrivals.push(performance.now());
  const send: Send = async () => {
    departures.push(performance.now());
    const fate: Fate = fates.next().value;
    if (fate.kind === 'answered') {
      await pass(fate.ends / 100);
      arrive();
      await pass(fate.ends / 100);
      return response();
    }
    // Also at once, also while it is still waited for; or long after anybody would have waited.
    if (fate.late <= HELD_BACK_MS) globalThis.setTimeout(arrive, fate.ends + fate.late);
    await pass(fate.ends);
    if (fate.kind === 'gateway') return response(504);
    throw new Fault(fate.ends % 2 ? 'timeout' : 'connection_lost', 'planted');
  };
  return { departures, arrivals, send };
}

const pass = (ms: number) => new Promise((resolve) => globalThis.setTimeout(resolve, ms));

test('the call limit is never exceeded at the service by calls that are given up and arrive minutes later', async () => {
  const fate = fc.record({
    kind: fc.constantFrom<Fate['kind'][]>('answered', 'answered', 'answered', 'gateway', 'lost'),
    ends: fc.oneof(fc.constant(1_000), fc.integer({ min: 0, max: 30_000 })),
    late: fc.oneof(fc.constantFrom(8_000, 13_000, HELD_BACK_MS), fc.integer({ min: -1_000, max: 300_000 })),
  });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 12 }), fc.infiniteStream(fate), async (limit, fates) => {
      const service = createLossyService(fates);
      const send = createBudget(createLocalGate(limit))(service.send);
      let isCalling = true;
      const worker = async () => {
        while (isCalling) {
          await send(request()).catch(() => {});
          await pass(1_000);
        }
      };
      const workers = Array.from({ length: 2 * limit }, worker);
      const start = performance.now();
      await vi.advanceTimersByTimeAsync(1_200_000);
      isCalling = false;
      // Two workers share a slot, and each may hold it for five minutes and a half.
      await vi.advanceTimersByTimeAsync(1_200_000);
      await Promise.all(workers);
      expect(fullestWindow(service.arrivals)).toBeLessThanOrEqual(limit);
      // However many calls were lost, others leave again.
      expect(Math.max(...service.departures) - start).toBeGreaterThan(600_000);
    }),
    { numRuns: 25 },
  );
});

test('a full burst that is given up after a second and arrives much later is not followed by another', async () => {
  for (const late of [9_000, 14_000, 60_000, 239_000]) {
    const arrivals: number[] = [];
    const send = createBudget(createLocalGate(10))(async ({ headers }) => {
      if (headers.n === 'second') {
        arrivals.push(performance.now());
        return response();
      }
      globalThis.setTimeout(() => arrivals.push(performance.now()), late);
      await pass(1_000);
      throw new Fault('timeout', 'planted');
    });
    const burst = (n: string) =>
      Promise.allSettled(Array.from({ length: 10 }, () => send(request({ headers: { n } }))));
    const first = burst('first');
    await vi.advanceTimersByTimeAsync(1_000);
    await first;
    for (let second = 0; second < 310; second++) {
      void burst('second');
      await vi.advanceTimersByTimeAsync(1_000);
    }
    expect(fullestWindow(arrivals)).toBe(10);
    expect(arrivals.length).toBeGreaterThan(10);
    await vi.advanceTimersByTimeAsync(400_000);
  }
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
