import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { createKeys } from '../../src/redis/keys.ts';
import { freePort } from '../free_port.ts';
import { type Running, start } from '../process.ts';
import { describeWith, type RealRedis, startRedis } from './parts.ts';

const OPEN = 'mdca://alerts/open';
const ID = 'a'.repeat(24);
/** What another client of the same Redis could say on any channel. */
const TEXTS = [
  '',
  '{',
  'null',
  '[]',
  '"text"',
  '{"from":1}',
  '{"from":"x","item":null}',
  '{"from":"x","item":{"ProviderAlertId":"x","Entities":[],"ExtendedLinks":[],"__proto__":{}}}',
  `${'['.repeat(100_000)}${']'.repeat(100_000)}`,
  '{"from":"x","asked":["\\"open\\""],"pages":[["\\"open\\"",{"$map":1}]]}',
  '{"from":"x","asked":["\\"open\\""],"pages":[["\\"open\\"",7]]}',
  '{"from":"x","asked":["\\"open\\""],"pages":[["\\"open\\"",null]]}',
  '{"from":"x","asked":["\\"open\\""],"pages":[["\\"open\\"","no json"]]}',
];

describeWith(['redis-server'], 'a Redis in which somebody else writes', () => {
  let emulator: Emulator;
  let redis: RealRedis;
  let server: Running;
  let client: Client;
  const told = { count: 0 };
  beforeEach(async () => {
    emulator = await createEmulator({ callsPerMinute: 0 });
    redis = await startRedis();
    const port = await freePort();
    server = start(['--http', String(port)], {
      MDCA_API_URL: emulator.url,
      MDCA_API_TOKEN: emulator.token,
      MDCA_REDIS_URL: redis.url,
      MDCA_POLL_SECONDS: '5',
      MDCA_CALLS_PER_MINUTE: '100000',
    });
    await vi.waitFor(() => expect(server.stderr()).toContain('"serving"'), { timeout: 10_000 });
    client = new Client({ name: 'hostile', version: '1.0.0' });
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, () => void told.count++);
    await client.connect(new StreamableHTTPClientTransport(new URL(`http://127.0.0.1:${port}/mcp`)));
    await client.subscribeResource({ uri: OPEN });
  }, 30_000);
  afterEach(async () => {
    await client.close().catch(() => {});
    server.child.kill('SIGTERM');
    await server.ended;
    await redis.close();
    await emulator.close();
  });
  const keyOf = () => createKeys('mdca:', emulator.url);
  const read = () => client.callTool({ name: 'mdca_get_open_alerts', arguments: { limit: 1 } });

  /** Opens an alert that was closed from the start. */
  function changeOne() {
    const alert = emulator.state.alerts.find(({ resolutionStatusValue }) => resolutionStatusValue !== 0);
    if (alert) alert.resolutionStatusValue = 0;
  }

  test('goes on after any text on any of its channels', async () => {
    const channels = await redis.client.pubsub('CHANNELS', '*');
    expect(channels.length).toBeGreaterThanOrEqual(3);
    const waiting = client.callTool({ name: 'mdca_wait_for_alerts', arguments: { wait_seconds: 3 } });
    for (const channel of channels) for (const text of TEXTS) await redis.client.publish(String(channel), text);
    expect((await waiting).isError).not.toBe(true);
    expect((await read()).isError).not.toBe(true);
    expect(server.child.exitCode).toBeNull();
    expect(server.stderr()).not.toContain(ID);
  }, 20_000);

  test.each([
    ['no JSON', '{'],
    ['another type', '7'],
    ['what no source knows', '[{"x":1},null,7,["a"]]'],
    ['nothing', ''],
  ])(
    'goes on, and tells its subscribers, where another process wants %s',
    async (_what, queries) => {
      await redis.client.hset(keyOf()('poll', 'watched_alerts', 'wanted'), 'other', `${Date.now()} ${queries}`);
      const before = told.count;
      changeOne();
      await expect.poll(() => told.count, { timeout: 15_000 }).toBeGreaterThan(before);
      expect(server.child.exitCode).toBeNull();
    },
    20_000,
  );

  test('goes on where all of its keys are of a wrong type', async () => {
    const types = async () => redis.client.keys('*');
    expect((await types()).length).toBeGreaterThan(2);
    for (const key of await types()) {
      await redis.client.del(key);
      await redis.client.lpush(key, 'canary');
    }
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    const answer = await read();
    expect(JSON.stringify(answer)).not.toContain('canary');
    expect(server.child.exitCode).toBeNull();
    // A line for each of hundreds of attempts would fill a disk.
    expect(server.stderr().split('Redis has refused a command').length - 1).toBeLessThanOrEqual(2);
  }, 30_000);
});
