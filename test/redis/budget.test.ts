import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../../src/core/log.ts';
import { createBudget } from '../../src/http/budget/budget.ts';
import { createSharedGate } from '../../src/http/budget/shared_gate.ts';
import type { Send, ServiceResponse } from '../../src/http/layers.ts';
import { createRedisTeam } from '../../src/redis/budget.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { openRedis } from '../../src/redis/link.ts';
import { fullestWindow, request, response } from '../http/loopback.ts';
import { describeWith, type RealRedis, startRedis } from './parts.ts';

describeWith(['redis-server'], 'the budget of a team', () => {
  let redis: RealRedis;
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());

  /** As many processes of one tenant, each with its own connections; `answer` is the service. */
  async function team(count: number, most: number, windowMs: number, answer: () => ServiceResponse = () => response()) {
    const keyOf = createKeys('t:', `https://${Math.random()}`);
    const arrivals: number[] = [];
    const logged: string[] = [];
    const log = createLog('info', (line) => logged.push(line));
    const members = Array.from({ length: count }, async () => {
      const link = await openRedis(redis.url, log);
      const gate = createSharedGate({
        team: createRedisTeam(link, keyOf, most),
        callsPerMinute: most,
        timeoutMs: 1_000,
        log,
        windowMs,
      });
      const own: number[] = [];
      const service: Send = async () => {
        await delay(Math.random() * 200);
        own.push(performance.now());
        arrivals.push(performance.now());
        const answered = answer();
        await delay(Math.random() * 50);
        return answered;
      };
      return { send: createBudget(gate)(service), gate, link, own };
    });
    const processes = await Promise.all(members);
    return {
      processes,
      arrivals,
      logged,
      async end() {
        for (const { gate, link } of processes) {
          await gate.leave();
          link.close();
        }
      },
    };
  }

  /** Keeps so many calls waiting in each process until the returned function is called. */
  function keepBusy(sends: readonly Send[], each: number) {
    const stop = new AbortController();
    setMaxListeners(0, stop.signal);
    const failed: unknown[] = [];
    const work = sends.flatMap((send) =>
      Array.from({ length: each }, async () => {
        while (!stop.signal.aborted) await send(request({ signal: stop.signal }));
      }).map((call) => call.catch((error) => failed.push(error.code))),
    );
    return async () => {
      stop.abort();
      await Promise.all(work);
      return failed.filter((code) => code !== 'cancelled');
    };
  }

  test('is never exceeded at the door of the service while Redis is killed and comes back, and is used', async () => {
    const windowMs = 3_000;
    const { processes, arrivals, logged, end } = await team(4, 40, windowMs);
    const stop = keepBusy(
      processes.map(({ send }) => send),
      40,
    );
    // The first grants come after two seconds, in which all processes tell what they hold.
    await expect.poll(() => arrivals.length, { timeout: 5_000, interval: 20 }).toBeGreaterThan(0);
    const start = performance.now();
    await delay(3_500);
    await redis.kill();
    await delay(750);
    await redis.start();
    await delay(4_750);
    const used = arrivals.length / (((performance.now() - start) / windowMs) * 40);
    expect(await stop()).toEqual([]);
    expect(fullestWindow(arrivals, windowMs)).toBeLessThanOrEqual(40);
    expect(used).toBeGreaterThan(0.85);
    for (const { own } of processes) expect(own.length).toBeGreaterThan(arrivals.length * 0.15);
    const times = (text: string) => logged.filter((line) => line.includes(text)).length;
    expect([times('Redis is away'), times('Redis is back')]).toEqual([4, 4]);
    await end();
  }, 20_000);

  test('is lent to whoever has the work, and never exceeded whatever happens to Redis', async () => {
    const windowMs = 2_000;
    const { processes, arrivals, end } = await team(3, 30, windowMs);
    const [first, second, third] = processes.map(({ send }) => [send]);
    const stop = keepBusy(first ?? [], 60);
    await expect.poll(() => arrivals.length, { timeout: 5_000, interval: 20 }).toBeGreaterThanOrEqual(28);
    // The others want their share back just when nobody can tell it.
    await redis.kill();
    const stopSecond = keepBusy(second ?? [], 30);
    await delay(1_000);
    await redis.start();
    await delay(1_500);
    const stopThird = keepBusy(third ?? [], 30);
    await delay(1_000);
    redis.signal('SIGSTOP');
    await delay(2_500);
    expect(await stop()).toEqual([]);
    redis.signal('SIGCONT');
    await delay(2_500);
    expect([...(await stopSecond()), ...(await stopThird())]).toEqual([]);
    expect(fullestWindow(arrivals, windowMs)).toBeLessThanOrEqual(30);
    await end();
  }, 20_000);

  test('holds what a 429 taught one process for all: a pause, one call alone, a lower limit', async () => {
    let isThrottled = false;
    const answers: number[] = [];
    const { processes, arrivals, end } = await team(3, 30, 2_000, () => {
      answers.push(isThrottled ? 429 : 200);
      return isThrottled ? response(429, { 'retry-after': '1' }) : response();
    });
    const sends = processes.map(({ send }) => send);
    const [one] = sends;
    await Promise.all(sends.map((send) => send(request())));
    isThrottled = true;
    expect(await one?.(request())).toMatchObject({ status: 429 });
    const throttledAt = performance.now();
    isThrottled = false;
    await delay(100);
    const stop = keepBusy(sends, 20);
    await expect.poll(() => arrivals.length, { timeout: 5_000, interval: 5 }).toBe(5);
    expect(performance.now() - throttledAt).toBeGreaterThan(900);
    await delay(4_000);
    await stop();
    // It is halved where few accepted calls say little of what the tenant accepts.
    expect(fullestWindow(arrivals.slice(4), 2_000)).toBeLessThanOrEqual(15);
    expect(arrivals.length).toBeGreaterThan(20);
    await end();
  }, 20_000);

  test.each([
    ['has never reached Redis', false, 'has not been reached since the start'],
    ['had no share when it reached Redis last', true, 'had no share in the call budget'],
  ])('a process that %s sends nothing, and tells a call that waits why', async (_when, isReached, why) => {
    vi.useFakeTimers({ toFake: ['performance'] });
    const nobody = () => Promise.reject(new Error('away'));
    const nothing = { held: 0, limit: 100, members: 1, wanted: 100, owed: 0, pause: 0 };
    let exchanges = 0;
    const exchange = async () => (isReached && exchanges++ === 0 ? nothing : nobody());
    const news = { tell: () => {} };
    const gate = createSharedGate({
      team: {
        exchange,
        throttled: nobody,
        resume: nobody,
        resumed: nobody,
        leave: nobody,
        onNews: (listener) => {
          news.tell = listener;
        },
      },
      callsPerMinute: 100,
      timeoutMs: 1_000,
      log: createLog('error', () => {}),
    });
    await delay(0);
    news.tell();
    await delay(0);
    const call = createBudget(gate)(() => expect.unreachable())(request());
    const answered = expect(call).rejects.toMatchObject({ code: 'throttled', detail: expect.stringContaining(why) });
    await delay(300);
    vi.advanceTimersByTime(10_001);
    await answered;
    await gate.leave();
    vi.useRealTimers();
  });
});
