import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { INITIALIZE, type Running, start } from '../process.ts';
import { openIds } from '../samples.ts';
import { callTool, describeWith, type RealRedis, startRedis } from './parts.ts';

const CLOSE = 'mdca_close_alert_benign';

describeWith(['redis-server'], 'a Redis that answers, and refuses', () => {
  let emulator: Emulator;
  let redis: RealRedis;
  let server: Running;
  let id = 1;
  beforeEach(async () => {
    emulator = await createEmulator();
    redis = await startRedis();
    server = start([], { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, MDCA_REDIS_URL: redis.url });
    server.send(INITIALIZE);
  });
  afterEach(async () => {
    server.child.stdin.end();
    await server.ended;
    await redis.close();
    await emulator.close();
  });
  const call = (name: string, args: object) => callTool(server, ++id, name, args);
  const writes = () => emulator.requests.filter(({ path }) => path.includes('close_benign')).length;

  const refusals: Record<string, [begin: string[][], end: string[][]]> = {
    'as it is full': [[['CONFIG', 'SET', 'maxmemory', '1']], [['CONFIG', 'SET', 'maxmemory', '0']]],
    'as it is a replica': [[['REPLICAOF', '127.0.0.1', '1']], [['REPLICAOF', 'NO', 'ONE']]],
    'some commands of this user': [
      [['ACL', 'SETUSER', 'default', '-set', '-hset', '-publish']],
      [['ACL', 'SETUSER', 'default', '+@all']],
    ],
    'all scripts of this user': [[['ACL', 'SETUSER', 'default', '-eval']], [['ACL', 'SETUSER', 'default', '+@all']]],
    'nothing, but has lost its scripts': [[['SCRIPT', 'FLUSH']], []],
  };

  test.each(Object.entries(refusals))(
    '%s: no code is good twice or without proof, and the log stays short',
    async (what, [begin, end]) => {
      const [first = ''] = openIds(emulator.state.alerts, 1);
      const args = { alert_ids: [first], comment: 'x' };
      const run = async (commands: string[][]) => {
        for (const [command = '', ...rest] of commands) await redis.client.call(command, ...rest);
      };
      const confirm = /"confirm":"([^"]+)"/.exec(await call(CLOSE, args))?.[1];
      await run(begin);
      const refuses = end.length > 0;
      if (refuses) {
        await delay(1_500);
        expect(await call(CLOSE, { ...args, confirm })).toContain('confirm_refused');
        expect(await call(CLOSE, args)).toContain('store_away');
        expect(await call('mdca_get_open_alerts', { limit: 1 })).not.toContain('"isError":true');
        expect(writes()).toBe(0);
        await delay(2_000);
        await run(end);
        await expect.poll(() => server.stderr(), { timeout: 10_000 }).toContain('Redis is back');
      }
      const answers = [await call(CLOSE, { ...args, confirm }), await call(CLOSE, { ...args, confirm })];
      expect(
        answers.map((answer) => answer.includes('confirm_refused')),
        what,
      ).toEqual([false, true]);
      expect(writes()).toBe(1);
      const refused = server
        .stderr()
        .split('\n')
        .filter((line) => line.includes('refused a command'));
      expect(refused.length).toBeLessThanOrEqual(3);
      expect(refused.length > 0).toBe(refuses);
    },
    60_000,
  );
});
