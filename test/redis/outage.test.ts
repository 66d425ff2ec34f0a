import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { INITIALIZE, type Running, start } from '../process.ts';
import { openIds } from '../samples.ts';
import { callTool, describeWith, type RealRedis, startRedis } from './parts.ts';

const CLOSE = 'mdca_close_alert_benign';

describeWith(['redis-server'], 'a code around an outage of Redis', () => {
  let emulator: Emulator;
  let redis: RealRedis;
  let server: Running;
  let id = 1;
  beforeEach(async () => {
    emulator = await createEmulator();
    redis = await startRedis();
    const service = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token };
    server = start([], { ...service, MDCA_REDIS_URL: redis.url });
    server.send(INITIALIZE);
  });
  afterEach(async () => {
    redis.signal('SIGCONT');
    server.child.stdin.end();
    await server.ended;
    await redis.close();
    await emulator.close();
  });

  const call = (name: string, args: object) => callTool(server, ++id, name, args);
  const close = (args: object) => call(CLOSE, args);
  const codeIn = (answer: string) => /"confirm":"([^"]+)"/.exec(answer)?.[1] ?? expect.fail(answer);
  const writes = () => emulator.requests.filter(({ path }) => path.includes('close_benign')).length;
  /** Until Redis answers this process again. */
  const back = () => expect.poll(() => server.stderr().split('Redis is back').length, { timeout: 10_000 }).toBe(2);
  const seesItAway = () => expect.poll(() => server.stderr(), { timeout: 10_000 }).toContain('Redis is away');

  const outages = {
    'that stops it': { begin: () => redis.signal('SIGSTOP'), end: () => redis.signal('SIGCONT'), isKept: true },
    'in which it is killed': { begin: () => redis.kill(), end: () => redis.start(), isKept: false },
  };

  test.each(Object.entries(outages))(
    '%s: none is given out or taken; after it a kept one is good once',
    async (_name, outage) => {
      const [first = '', second = ''] = openIds(emulator.state.alerts, 2);
      const before = { alert_ids: [first], comment: 'before' };
      const code = codeIn(await close(before));
      await outage.begin();
      await seesItAway();
      const asked = await close({ alert_ids: [second], comment: 'during' });
      expect(asked).toContain('store_away: Redis cannot be reached, so no code can be given out.');
      expect(asked).not.toContain('"confirm"');
      const refused = await close({ ...before, confirm: code });
      expect(refused).toContain('confirm_refused: confirm: it cannot be proven to be unused');
      expect(writes()).toBe(0);
      await outage.end();
      await back();
      // What was asked in the outage is not carried out when Redis goes on.
      await delay(500);
      expect(writes()).toBe(0);
      const answers = [await close({ ...before, confirm: code }), await close({ ...before, confirm: code })];
      const isRefused = answers.map((answer) => answer.includes('confirm_refused'));
      expect(isRefused).toEqual([!outage.isKept, true]);
      expect(writes()).toBe(outage.isKept ? 1 : 0);
      const after = { alert_ids: [second], comment: 'after' };
      expect(await close({ ...after, confirm: codeIn(await close(after)) })).toContain('closed');
      expect(writes()).toBe(outage.isKept ? 2 : 1);
    },
    60_000,
  );
});
