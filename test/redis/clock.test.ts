import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import type { Team } from '../../src/http/budget/team.ts';
import { createRedisTeam } from '../../src/redis/budget.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { callOf, INITIALIZE, messagesOf, type Running, start } from '../process.ts';
import { createLinks, describeWith, type RealRedis, startRedis } from './parts.ts';

const keyOf = createKeys('mdca:', 'https://tenant.example');
const [MEMBERS, RUN, RATE] = [keyOf('budget', 'members'), keyOf('budget', 'run'), keyOf('budget', 'rate')];
/** What a test tells for a process. */
const report = (held: number, need = held, counted = 0) => ({ held, counted, armed: 100, need, accepted: 0 });

describeWith(['redis-server'], 'the shares of a budget', () => {
  let redis: RealRedis;
  const links = createLinks();
  const teams: Team[] = [];
  async function join(most = 100): Promise<Team> {
    const link = await links.open(redis.url);
    await link.serverRun();
    const team = createRedisTeam(link, keyOf, most);
    teams.push(team);
    return team;
  }
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const team of teams.splice(0)) await team.leave(0, 0);
    links.close();
    await redis.close();
  });

  /** Lets so much time pass by the clock of Redis alone: all that it has noted becomes so much older. */
  async function jump(ms: number): Promise<void> {
    for (const [id, row] of Object.entries(await redis.client.hgetall(MEMBERS))) {
      const [held, need, accepted, seen, ...rest] = row.split(' ');
      await redis.client.hset(MEMBERS, id, [held, need, accepted, Number(seen) - ms, ...rest].join(' '));
    }
    for (const [name, time] of Object.entries(await redis.client.hgetall(RUN))) {
      if (name === 'since' || name === 'last') await redis.client.hset(RUN, name, Number(time) - ms);
    }
    const lowered = await redis.client.hget(RATE, 'since');
    if (lowered !== null) await redis.client.hset(RATE, 'since', Number(lowered) - ms);
  }

  /** Two that have half of the budget each, two seconds after the start. */
  async function halves(): Promise<[Team, Team]> {
    const [one, other] = [await join(), await join()];
    await one.exchange(report(0));
    await delay(2_100);
    for (const team of [one, other]) await team.exchange(report(0, 50));
    expect([await one.exchange(report(50)), await other.exchange(report(50))]).toMatchObject([
      { held: 50 },
      { held: 50 },
    ]);
    return [one, other];
  }

  test.each([
    ['the clock of Redis jumps ahead', 400_000],
    ['nobody could reach Redis for an hour', 3_600_000],
    ['the clock of Redis jumps back', -3_600_000],
  ])(
    'are lent to nobody else where %s, and soon shared again',
    async (_what, ms) => {
      const [one, other] = await halves();
      await jump(ms);
      for (let n = 0; n < 3; n++) expect((await one.exchange(report(50, 100))).held).toBe(50);
      await delay(2_500);
      // The other has work again; then it has none.
      expect((await other.exchange(report(50))).held).toBe(50);
      expect((await one.exchange(report(50, 100))).held).toBe(50);
      await other.exchange(report(0, 0));
      expect((await one.exchange(report(50, 100))).held).toBeGreaterThan(80);
    },
    15_000,
  );

  test('are not zero for an hour where the clock jumps back after a 429', async () => {
    const [one] = await halves();
    await one.throttled(1);
    await delay(10);
    expect(await one.resume()).toBe(true);
    const { limit } = await one.exchange(report(10));
    expect(limit).toBeGreaterThan(0);
    await jump(-3_600_000);
    expect((await one.exchange(report(10))).limit).toBe(limit);
    // And it rises again from then on.
    await jump(120_000);
    expect((await one.exchange(report(10))).limit).toBeGreaterThan(limit);
  }, 15_000);

  test('of one that has been taken for ended are what it counts', async () => {
    const [one, other] = await halves();
    await redis.client.hdel(MEMBERS, ...Object.keys(await redis.client.hgetall(MEMBERS)));
    const { held } = await one.exchange(report(50, 100));
    expect(held).toBeGreaterThan(80);
    // It was stopped all the while, and has five calls in flight.
    expect((await other.exchange(report(50, 50, 5))).held).toBe(Math.max(5, 100 - held));
  }, 15_000);

  test('are remembered by each where Redis has lost them, and another cannot tell', async () => {
    const [one, other] = await halves();
    await redis.client.flushall();
    const stranger = await join();
    expect((await stranger.exchange(report(0, 100))).held).toBe(0);
    expect((await one.exchange(report(50, 100))).held).toBe(50);
    await delay(2_100);
    expect((await stranger.exchange(report(0, 100))).held).toBe(0);
    expect((await one.exchange(report(50, 100))).held).toBe(50);
    expect((await other.exchange(report(50))).held).toBe(50);
  }, 15_000);

  test('are of the lowest limit where processes have several, while that one is there', async () => {
    const [high, low] = [await join(100), await join(30)];
    await high.exchange(report(0));
    await delay(2_100);
    await low.exchange(report(0, 1));
    expect((await high.exchange(report(0, 100))).limit).toBe(30);
    expect((await high.exchange(report(0, 100))).held).toBeLessThanOrEqual(30);
    await low.leave(0, 0);
    expect((await high.exchange(report(0, 100))).limit).toBe(100);
  }, 10_000);

  test('do not depend on a row that somebody else has put among them', async () => {
    const [one] = await halves();
    await redis.client.hset(MEMBERS, 'x', 'canary', 'y', '', 'z', '1 2 3');
    expect((await one.exchange(report(50, 60))).held).toBeGreaterThan(0);
    expect(Object.keys(await redis.client.hgetall(MEMBERS))).toHaveLength(2);
  }, 10_000);
});

describeWith(['redis-server'], 'a process that is stopped', () => {
  let redis: RealRedis;
  const running: Running[] = [];
  beforeEach(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    for (const { child } of running.splice(0)) child.kill('SIGKILL');
    await redis.close();
  });

  test('sends nothing by a share that Redis has forgotten meanwhile', async () => {
    const emulator = await createEmulator({ callsPerMinute: 0 });
    const environment = {
      MDCA_API_URL: emulator.url,
      MDCA_API_TOKEN: emulator.token,
      MDCA_REDIS_URL: redis.url,
      MDCA_CALLS_PER_MINUTE: '20',
    };
    const [stopped, other] = [start([], environment), start([], environment)];
    for (const server of [stopped, other]) {
      running.push(server);
      server.send(INITIALIZE);
      server.send(callOf(2, 'mdca_get_open_alerts', { limit: 1 }));
    }
    const answers = (server: Running) => messagesOf(server).length;
    for (const server of [stopped, other]) await expect.poll(() => answers(server), { timeout: 10_000 }).toBe(2);
    // Each has seen what the other holds.
    await delay(1_500);
    stopped.child.kill('SIGSTOP');
    await redis.client.flushall();
    for (let n = 0; n < 25; n++) other.send(callOf(n + 3, 'mdca_get_open_alerts', { limit: 1 }));
    await delay(5_000);
    const before = emulator.requests.length;
    expect(before).toBeGreaterThanOrEqual(10);
    for (let n = 0; n < 15; n++) stopped.send(callOf(n + 3, 'mdca_get_open_alerts', { limit: 1 }));
    stopped.child.kill('SIGCONT');
    await delay(3_000);
    expect(emulator.requests.length).toBeLessThanOrEqual(20);
    expect(emulator.requests.length).toBeGreaterThan(before);
    await emulator.close();
  }, 40_000);
});
