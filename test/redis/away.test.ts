import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { freePort } from '../free_port.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';
import { describeWith, startRedis } from './parts.ts';

const READ = 'mdca_get_open_alerts';

/** 10 s, the first attempts to connect, and what a slow machine needs to start five processes. */
const ANSWERED_MS = 25_000;

describeWith(['redis-server'], 'a process that has never reached its Redis', () => {
  let emulator: Emulator;
  beforeAll(async () => {
    emulator = await createEmulator();
  });
  afterAll(() => emulator.close());

  /** What a client is answered that asks once and then waits. */
  async function answerOf(redisUrl: string): Promise<string> {
    const service = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token };
    const server = start([], { ...service, MDCA_REDIS_URL: redisUrl });
    server.send(INITIALIZE);
    server.send(callOf(2, READ, { limit: 1 }));
    const found = () => messagesOf(server).find(({ id }) => id === 2);
    await expect.poll(found, { timeout: ANSWERED_MS }).toBeDefined();
    server.child.stdin.end();
    expect(await server.ended).toBe(0);
    return JSON.stringify(found()?.result);
  }

  /** Takes connections, and never answers. */
  async function startSilent() {
    const server = createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `redis://127.0.0.1:${port}`, close: () => server.close() };
  }

  test('answers the only call that waits, says why, and sends nothing', async () => {
    const redis = await startRedis(['--requirepass', 'right'], { password: 'right' });
    const silent = await startSilent();
    const urls = [
      `redis://127.0.0.1:${await freePort()}`,
      redis.url.replace('://', '://:wrong@'),
      redis.url.replace('://', '://nobody:right@'),
      redis.url.replace('redis:', 'rediss:'),
      silent.url,
    ];
    const answers = await Promise.all(urls.map(answerOf));
    for (const answer of answers) {
      expect(answer).toContain('throttled: The Redis at MDCA_REDIS_URL has not been reached since the start');
    }
    expect(emulator.requests).toEqual([]);
    silent.close();
    await redis.close();
  }, 40_000);
});
