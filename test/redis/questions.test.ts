import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createKeys } from '../../src/redis/keys.ts';
import { createRedisQuestions } from '../../src/redis/questions.ts';
import { createLinks, describeWith, type RealRedis, startRedis } from './parts.ts';

const QUESTION = { nonce: 'a', until: 1_000 };

describeWith(['redis-server'], 'open questions in a Redis', () => {
  let redis: RealRedis;
  const links = createLinks();
  const startProcess = async () => {
    const link = await links.open(redis.url);
    return createRedisQuestions(link, createKeys('mdca:', 'https://tenant.example'));
  };
  beforeAll(async () => {
    // It keeps what it was told over a restart, so that a restart brings back what was open.
    redis = await startRedis(['--appendonly', 'yes', '--appendfsync', 'always']);
  });
  afterAll(() => redis.close());
  beforeEach(async () => {
    await redis.client.flushall();
    return links.close;
  });

  test('of 20 answers at two processes one is taken, and given back for both', async () => {
    const [one, other] = [await startProcess(), await startProcess()];
    expect(await one.take(QUESTION)).toBe('unknown');
    await one.put(QUESTION);
    const takes = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).take(QUESTION));
    expect((await Promise.all(takes)).sort()).toEqual(['taken', ...Array(19).fill('used')]);
    await one.giveBack(QUESTION);
    expect(await other.take(QUESTION)).toBe('taken');
    expect(await one.take(QUESTION)).toBe('used');
  });

  test('what was not put cannot be given back', async () => {
    const questions = await startProcess();
    await questions.giveBack(QUESTION);
    expect(await questions.take(QUESTION)).toBe('unknown');
  });

  test('each question is forgotten after ten minutes, used or not', async () => {
    const questions = await startProcess();
    const remaining = async () => redis.client.pttl((await redis.client.keys('*'))[0] ?? '');
    await questions.put(QUESTION);
    expect(await remaining()).toBeGreaterThan(590_000);
    await questions.take(QUESTION);
    expect(await remaining()).toBeGreaterThan(590_000);
    await questions.giveBack(QUESTION);
    expect(await remaining()).toBeGreaterThan(590_000);
  });

  test('what Redis has forgotten is not taken, though it was not started again', async () => {
    const questions = await startProcess();
    await questions.put(QUESTION);
    await questions.take(QUESTION);
    await redis.client.flushall();
    expect(await questions.take(QUESTION)).toBe('unknown');
  });

  test('what was put before a restart is not taken, though Redis still knows it', async () => {
    const questions = await startProcess();
    await questions.put(QUESTION);
    await redis.kill();
    await expect(questions.put(QUESTION)).rejects.toMatchObject({ code: 'store_away' });
    await expect(questions.take(QUESTION)).rejects.toMatchObject({ code: 'store_away' });
    await expect(questions.giveBack(QUESTION)).resolves.toBeUndefined();
    await redis.start();
    expect(await redis.client.keys('*')).toHaveLength(1);
    await expect.poll(() => questions.take(QUESTION).catch(() => {}), { timeout: 5_000 }).toBe('unknown');
    await questions.put({ ...QUESTION, nonce: 'b' });
    expect(await questions.take({ ...QUESTION, nonce: 'b' })).toBe('taken');
  });
});
