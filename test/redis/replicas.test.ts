import { randomUUID } from 'node:crypto';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { type CallToolResult, ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { HOOK_SECRET, JSON_HEADERS } from '../door.ts';
import { postModern, questionOf } from '../mcp/modern_wire.ts';
import { callOf, INITIALIZE } from '../process.ts';
import { describeWith } from './parts.ts';
import { type Behind, startBehindNginx } from './replicas.ts';

const CLOSE = 'mdca_close_alert_benign';
const OPEN = 'mdca://alerts/open';
const POLL_MS = 5_000;

describeWith(['redis-server', 'nginx'], 'two replicas behind nginx, which share a Redis', () => {
  let emulator: Emulator;
  let behind: Behind;
  beforeAll(async () => {
    emulator = await createEmulator({ callsPerMinute: 0 });
    behind = await startBehindNginx({
      MDCA_API_URL: emulator.url,
      MDCA_API_TOKEN: emulator.token,
      MDCA_CALLS_PER_MINUTE: '100000',
      MDCA_POLL_SECONDS: String(POLL_MS / 1000),
    });
  }, 30_000);
  afterAll(async () => {
    await behind.close();
    await emulator.close();
  });

  const openIds = () =>
    emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0).map(({ _id }) => _id);
  const closesOf = (id: string) =>
    emulator.requests.filter(({ path, rawBody }) => path.includes('close_benign') && rawBody.includes(id));

  /** Calls a tool without a session. @throws Error if there is no answer */
  async function call(url: string, name: string, args: object): Promise<CallToolResult> {
    const body = JSON.stringify(callOf(1, name, args));
    const response = await fetch(url, { method: 'POST', headers: JSON_HEADERS, body });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const text = await response.text();
    return JSON.parse(text.replace(/^.*?data: /s, '')).result;
  }

  /** A client that connects again whenever its connection ends; `heard` counts what it is told of the open alerts. */
  async function connectAgain() {
    const client = new Client({ name: 'again', version: '1.0.0' });
    const reconnectionOptions = {
      maxRetries: 1_000,
      initialReconnectionDelay: 100,
      maxReconnectionDelay: 200,
      reconnectionDelayGrowFactor: 1,
    };
    const told = { count: 0 };
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, () => void told.count++);
    await client.connect(new StreamableHTTPClientTransport(new URL(behind.url), { reconnectionOptions }));
    return { client, told };
  }

  test('a code that one has given out is good at the other, once in all', async () => {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    for (const id of openIds().slice(0, 20)) {
      const args = { alert_ids: [id], comment: 'canary-comment' };
      const { structuredContent } = await call(one, CLOSE, args);
      const confirmed = { ...args, confirm: structuredContent?.confirm };
      const uses = Array.from({ length: 10 }, (_, n) => call(n % 2 ? one : other, CLOSE, confirmed));
      const statuses = (await Promise.all(uses)).map(({ isError }) => isError === true);
      expect(statuses.filter((isRefused) => !isRefused)).toHaveLength(1);
      expect(closesOf(id)).toHaveLength(1);
    }
  });

  test('an answer to the question of one is good at the other, once in all', async () => {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    const ids = openIds().slice(0, 20);
    expect(ids).toHaveLength(20);
    for (const [index, id] of ids.entries()) {
      const args = { alert_ids: [id] };
      const asked = questionOf(await postModern(index % 2 ? other : one, CLOSE, args));
      expect(asked.resultType).toBe('input_required');
      const given = { requestState: asked.requestState, inputResponses: asked.agreed };
      const uses = Array.from({ length: 10 }, (_, n) => postModern(n % 2 ? one : other, CLOSE, args, given));
      const answers = await Promise.all(uses);
      expect(answers.filter(({ result }) => result)).toHaveLength(1);
      for (const { error } of answers.filter(({ result }) => !result)) expect(error?.message).toMatch(/used before/);
      expect(closesOf(id)).toHaveLength(1);
    }
  });

  test('a session that was ended at one is over at the other', async () => {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    const begun = await fetch(one, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(INITIALIZE) });
    const headers = { ...JSON_HEADERS, 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    const list = (url: string) =>
      fetch(url, { method: 'POST', headers, body: JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'tools/list' }) });
    expect([(await list(one)).status, (await list(other)).status]).toEqual([200, 200]);
    expect((await fetch(other, { method: 'DELETE', headers })).status).toBe(204);
    expect([(await list(one)).status, (await list(other)).status]).toEqual([404, 404]);
  });

  test('a request that stands alone is answered where it comes, whatever session it names', async () => {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    const begun = await fetch(one, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(INITIALIZE) });
    const session = { 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    const answer = await postModern(other, 'mdca_get_open_alerts', {}, {}, session);
    expect(answer.result).toMatchObject({ resultType: 'complete' });
  });

  test('an alert that a flow delivers to one reaches who waits at the other, and is known at both', async () => {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    // The tenant does not have it, so no poll finds it.
    const id = 'f'.repeat(24);
    const deliver = async (url: string) => {
      const headers = { 'content-type': 'application/json', 'x-hook-secret': HOOK_SECRET };
      const body = JSON.stringify({ ProviderAlertId: id, AlertDisplayName: 'Delivered' });
      return (await fetch(new URL('/hooks/alert-generated', url), { method: 'POST', headers, body })).json();
    };
    const wait = (args: object) => call(other, 'mdca_wait_for_alerts', args);
    const { structuredContent: begun } = await wait({ wait_seconds: 0 });
    const waiting = wait({ cursor: begun?.cursor, wait_seconds: 30 });
    expect(await deliver(one)).toEqual({ status: 'accepted' });
    expect((await waiting).structuredContent).toMatchObject({ alerts: [{ ProviderAlertId: id }] });
    expect([await deliver(one), await deliver(other)]).toEqual([{ status: 'known' }, { status: 'known' }]);
  });

  test('one polls, all notify; when it is killed the other takes over within two intervals', async () => {
    const clients = await Promise.all(
      behind.replicas.map(async ({ url }) => {
        const client = new Client({ name: 'watch', version: '1.0.0' });
        const told = { count: 0 };
        client.setNotificationHandler(ResourceUpdatedNotificationSchema, () => void told.count++);
        await client.connect(new StreamableHTTPClientTransport(new URL(url)));
        await client.subscribeResource({ uri: OPEN });
        return { client, told };
      }),
    );
    const reads = () => emulator.requests.length;
    const before = reads();
    changeOne();
    await expect.poll(() => clients.map(({ told }) => told.count), { timeout: 3 * POLL_MS }).toEqual([1, 1]);
    // One call an interval, for both.
    expect(reads() - before).toBeLessThanOrEqual(2);
    const reader = await behind.redis.client.keys('*:poll:watched_alerts:reader');
    expect(reader).toHaveLength(1);
    const [first, second] = behind.replicas;
    first?.child.kill('SIGKILL');
    await first?.ended;
    changeOne();
    await expect.poll(() => clients[1]?.told.count, { timeout: 2 * POLL_MS + 1_000 }).toBe(2);
    await behind.restart(0);
    second?.child.kill('SIGKILL');
    await second?.ended;
    await behind.restart(1);
    for (const { client } of clients) await client.close();
  }, 60_000);

  test('who subscribes hears of changes, though Redis did not answer when another replica took the session over', async () => {
    const [one = '', other = ''] = behind.replicas.map(({ url }) => url);
    const begun = await fetch(one, { method: 'POST', headers: JSON_HEADERS, body: JSON.stringify(INITIALIZE) });
    const headers = { ...JSON_HEADERS, 'mcp-session-id': begun.headers.get('mcp-session-id') ?? '' };
    const subscribe = { jsonrpc: '2.0', id: 2, method: 'resources/subscribe', params: { uri: OPEN } };
    expect((await fetch(one, { method: 'POST', headers, body: JSON.stringify(subscribe) })).status).toBe(200);
    behind.redis.signal('SIGSTOP');
    behind.replicas[0]?.child.kill('SIGKILL');
    await behind.replicas[0]?.ended;
    const leaving = new AbortController();
    const stream = await fetch(other, { headers: { ...headers, accept: 'text/event-stream' }, signal: leaving.signal });
    expect(stream.status).toBe(200);
    behind.redis.signal('SIGCONT');
    await behind.restart(0);
    let heard = '';
    const listening = (async () => {
      for await (const chunk of stream.body ?? []) heard += Buffer.from(chunk).toString();
    })().catch(() => {});
    const told = () => heard.split('notifications/resources/updated').length - 1;
    await expect.poll(told, { timeout: 4 * POLL_MS }).toBe(1);
    changeOne();
    await expect.poll(told, { timeout: 4 * POLL_MS }).toBe(2);
    leaving.abort();
    await listening;
  }, 60_000);

  /** Opens an alert in the tenant that was closed from the start, which subscribers of the open alerts hear of. */
  const changeOne = () => {
    const alert = emulator.state.alerts.find(
      ({ _id, resolutionStatusValue }) => resolutionStatusValue !== 0 && closesOf(_id).length === 0,
    );
    if (alert) alert.resolutionStatusValue = 0;
  };

  test('kill -9 of either while clients read, write and listen: no write twice, none lost, all notifications arrive', async () => {
    // Each call takes some time, so that a kill can hit it midway.
    emulator.fault({ kind: 'slow', delayMs: 20, times: 0 });
    const { client } = await connectAgain();
    // It learns of the open alerts by reading them whenever it is told of a change, and in no other way.
    const learned = new Set<string>();
    client.setNotificationHandler(ResourceUpdatedNotificationSchema, async () => {
      const { contents } = await untilAnswered(() => client.readResource({ uri: OPEN }));
      for (const id of JSON.stringify(contents).match(/[0-9a-f]{24}/g) ?? []) learned.add(id);
    });
    await client.subscribeResource({ uri: OPEN });
    const raised: string[] = [];
    const writers = await Promise.all([connectAgain(), connectAgain()]);
    const readers = await Promise.all([connectAgain(), connectAgain(), connectAgain()]);
    let done = 0;
    const ids = openIds().slice(0, 20);
    const writing = writers.map(async (writer, n) => {
      for (const id of ids.filter((_, index) => index % 2 === n)) {
        await closeUntilDone(writer.client, id);
        done++;
      }
    });
    let read = 0;
    const reading = readers.map(async (reader) => {
      while (read < 200) {
        read++;
        await untilAnswered(() => reader.client.callTool({ name: 'mdca_get_open_alerts', arguments: { limit: 1 } }));
      }
    });
    for (const [index, after] of [5, 12].entries()) {
      await expect.poll(() => done, { timeout: 75_000, interval: 10 }).toBeGreaterThanOrEqual(after);
      behind.replicas[index]?.child.kill('SIGKILL');
      await behind.replicas[index]?.ended;
      raised.push(await raise());
      await behind.restart(index);
      raised.push(await raise());
    }
    await Promise.all([...writing, ...reading]);
    for (const id of ids) expect(closesOf(id), id).toHaveLength(1);
    emulator.clearFaults();
    raised.push(await raise());
    await expect.poll(() => raised.filter((id) => !learned.has(id)), { timeout: 8 * POLL_MS }).toEqual([]);
    for (const each of [client, ...[...writers, ...readers].map((other) => other.client)]) await each.close();
  }, 240_000);

  /** Lets an alert arise in the tenant. @returns its id */
  async function raise(): Promise<string> {
    const response = await fetch(new URL('/__emulator/alerts', emulator.url), { method: 'POST', body: '{"count":1}' });
    return JSON.stringify(await response.json()).match(/[0-9a-f]{24}/)?.[0] ?? '';
  }

  async function untilAnswered<T>(work: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
  }

  /** As an agent would: where the outcome is unknown, it asks for a new plan, which says what is left to do. */
  async function closeUntilDone(client: Client, id: string): Promise<void> {
    for (;;) {
      const args = { alert_ids: [id], comment: randomUUID() };
      const plan = await untilAnswered(() => client.callTool({ name: CLOSE, arguments: args }));
      const { status, confirm } = plan.structuredContent as { status?: string; confirm?: string };
      if (confirm === undefined && !plan.isError) return expect(status).not.toBe('confirmation_required');
      await client.callTool({ name: CLOSE, arguments: { ...args, confirm } }).catch(() => settled(id));
    }
  }

  /** What the service is still at work on is not in its answers yet. */
  async function settled(id: string): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, 50));
    await expect.poll(() => closesOf(id).length > 0 && openIds().includes(id)).toBe(false);
  }

  test('nothing secret stands in a key of Redis or in a line of a log', async () => {
    const keys = await behind.redis.client.keys('*');
    expect(keys.length).toBeGreaterThan(5);
    for (const key of keys) expect(key).toMatch(/^mdca:\{[\w-]{22}\}:[a-z]+(?::[a-z_]+)*(?::[\w-]{22})?$/);
    const lines = behind.replicas.flatMap(({ stderr }) => stderr().split('\n'));
    for (const secret of [emulator.token, 'k'.repeat(32), HOOK_SECRET, 'canary-comment']) {
      expect([...keys, ...lines].filter((text) => text.includes(secret))).toEqual([]);
    }
  });
});
