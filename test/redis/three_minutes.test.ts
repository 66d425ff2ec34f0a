import { createServer } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { freePort } from '../free_port.ts';
import { fullestWindow } from '../http/loopback.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';
import { describeWith, startRedis } from './parts.ts';

/** The network before a service: each request takes up to 200 ms to its door. `arrivals` are ms there. */
async function slowDoor(url: string) {
  const arrivals: number[] = [];
  const server = createServer(async (request, response) => {
    const body = [];
    for await (const chunk of request) body.push(chunk);
    await delay(Math.random() * 200);
    arrivals.push(performance.now());
    const { host: _host, 'content-length': _length, connection: _connection, ...headers } = request.headers;
    const init = { method: request.method ?? 'GET', headers: headers as Record<string, string> };
    const answer = await fetch(new URL(request.url ?? '/', url), {
      ...init,
      ...(body.length > 0 && { body: Buffer.concat(body) }),
    });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text());
  });
  const port = await freePort();
  server.listen(port, '127.0.0.1');
  return { url: `http://127.0.0.1:${port}`, arrivals, close: () => server.close() };
}

// It takes three minutes, so it runs only when asked for: `npm run test:team`.
if (process.env.TEAM_TEST) {
  describeWith(['redis-server'], 'four servers on one Redis, which is killed after 70 s and back after 85 s', () => {
    test('100 calls in any minute at the door, 85 % of them used, no process below 15 %, no call fails', async () => {
      const redis = await startRedis();
      const emulator = await createEmulator({ callsPerMinute: 0 });
      const door = await slowDoor(emulator.url);
      const environment = {
        MDCA_API_URL: door.url,
        MDCA_API_TOKEN: emulator.token,
        MDCA_CALLS_PER_MINUTE: '100',
        MDCA_REDIS_URL: redis.url,
      };
      const begun = performance.now();
      const servers = Array.from({ length: 4 }, () => start([], environment));
      for (const server of servers) {
        server.send(INITIALIZE);
        for (let id = 2; id <= 101; id++) server.send(callOf(id, 'mdca_get_open_alerts', { limit: 1 }));
      }
      const answered = () => servers.map((server) => messagesOf(server).length - 1);
      await delay(70_000);
      await redis.kill();
      await delay(15_000);
      await redis.start();
      await delay(begun + 180_000 - performance.now());
      const after180 = answered();
      const used = after180.reduce((sum, each) => sum + each) / 300;
      await expect.poll(answered, { timeout: 60_000, interval: 1_000 }).toEqual([100, 100, 100, 100]);
      const failed = servers.flatMap(messagesOf).filter(({ result, error }) => error || result?.isError);
      const fullest = fullestWindow(door.arrivals);
      process.stdout.write(`${JSON.stringify({ fullest, used, after180, failed: failed.length })}\n`);
      expect(fullest).toBeLessThanOrEqual(100);
      expect(used).toBeGreaterThan(0.85);
      for (const each of after180) expect(each / 300).toBeGreaterThan(0.15);
      expect(failed).toEqual([]);
      for (const { child } of servers) child.stdin.end();
      for (const { ended } of servers) expect(await ended).toBe(0);
      door.close();
      await emulator.close();
      await redis.close();
    }, 300_000);
  });
} else test.skip('three minutes of four servers on one Redis (run with npm run test:team)', () => {});
