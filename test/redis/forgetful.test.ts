import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createRedisStore } from '../../src/redis/code_store.ts';
import { createRedisDeliveries } from '../../src/redis/deliveries.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { createRedisPolls } from '../../src/redis/polls.ts';
import { createLinks, describeWith, type RealRedis, startRedis } from './parts.ts';

const INTERVAL = 200;
const keyOf = createKeys('mdca:', 'https://tenant.example');

describeWith(['redis-server'], 'a Redis that forgets, or evicts, what it was told', () => {
  let redis: RealRedis;
  const links = createLinks();
  const open = async () => {
    const link = await links.open(redis.url);
    await link.serverRun();
    return link;
  };
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.client.flushall();
    return links.close;
  });

  test('whichever keys of a used code it evicts, the code is not good again', async () => {
    const [one, other] = [createRedisStore(await open(), keyOf), createRedisStore(await open(), keyOf)];
    const issued = { tool: 't', input: {}, session: '', caller: '', states: new Map([['a', 'open']]), until: 1 };
    const before = new Set(await redis.client.keys('*'));
    for (let n = 0; n < 8; n++) {
      const nonce = `n${n}`;
      await one.put(nonce, issued);
      expect(await other.use(nonce)).toBe(true);
      expect(await one.use(nonce)).toBe(false);
      const keys = (await redis.client.keys('*')).filter((key) => !before.has(key)).sort();
      for (const [bit, key] of keys.entries()) if (n & (1 << bit)) await redis.client.del(key);
      expect(await one.use(nonce)).toBe(false);
      for (const key of keys) await redis.client.del(key);
    }
  });

  test('a code that was given back is good once more, at both', async () => {
    const [one, other] = [createRedisStore(await open(), keyOf), createRedisStore(await open(), keyOf)];
    await one.put('n', { tool: 't', input: {}, session: '', caller: '', states: new Map(), until: 1 });
    expect([await one.use('n'), await other.use('n')]).toEqual([true, false]);
    await one.giveBack('n');
    expect([await other.use('n'), await one.use('n')]).toEqual([true, false]);
    await redis.client.flushall();
    await one.giveBack('n');
    expect(await other.use('n')).toBe(false);
  });

  test('what a process waits for is read again for it, without its asking anew', async () => {
    const [reader, waiting] = [
      createRedisPolls(await open(), keyOf, INTERVAL),
      createRedisPolls(await open(), keyOf, INTERVAL),
    ];
    const [read, wait] = [reader('source'), waiting('source')];
    read.want(['a']);
    wait.want(['b']);
    await delay(50);
    expect(await read.turn()).toEqual({ others: ['b'] });
    expect(await wait.turn()).toMatchObject({ wait: expect.any(Number) });
    await redis.client.flushall();
    expect(await read.turn()).toEqual({ others: [] });
    expect(await wait.turn()).toMatchObject({ wait: expect.any(Number) });
    expect(await read.turn()).toEqual({ others: ['b'] });
  });

  test('the one with the shortest interval reads, and a mark without an end keeps nobody from reading', async () => {
    const [slow, fast] = [
      createRedisPolls(await open(), keyOf, 60_000)('s'),
      createRedisPolls(await open(), keyOf, 1_000)('s'),
    ];
    slow.want(['a']);
    fast.want(['b']);
    await delay(50);
    expect(await slow.turn()).toEqual({ others: ['b'] });
    expect(await fast.turn()).toEqual({ others: ['a'] });
    expect(await slow.turn()).toMatchObject({ wait: expect.any(Number) });
    await redis.client.set(keyOf('poll', 's', 'reader'), 'nobody');
    expect(await fast.turn()).toEqual({ others: ['a'] });
  });

  test('a delivery is handed on once, also by a process that is told of it twice', async () => {
    const [one, other]: unknown[][] = [[], []];
    const [first, second] = [await open(), await open()];
    const deliveries = createRedisDeliveries(first, keyOf, (item) => one?.push(item));
    createRedisDeliveries(second, keyOf, (item) => other?.push(item));
    await expect.poll(() => first.listeners(keyOf('delivered'))).toBe(2);
    expect([await deliveries.take('x', 1), await deliveries.take('x', 1)]).toEqual([true, false]);
    await redis.client.flushall();
    expect(await deliveries.take('x', 1)).toBe(true);
    await delay(100);
    expect([one, other]).toEqual([[1], [1]]);
  });
});
