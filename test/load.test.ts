import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterAll, describe, expect, test } from 'vitest';
import { createEmulator } from '../src/emulator/emulator.ts';
import { callOf, INITIALIZE, messagesOf, type Running, start } from './process.ts';

const MIB = 1024 * 1024;
const ID = 'a'.repeat(24);

/** A text of nearly 16 MiB, the most that is read: as many units as fit. */
const full = (head: string, unit: string, tail: string) =>
  head + unit.repeat(Math.floor((16 * MIB - 64 - head.length - tail.length) / unit.length)) + tail;

const entity = (label: string) => JSON.stringify({ type: 'account', id: 'x', label });

const REPLIES: readonly [string, string][] = [
  ['empty records', full('{"data":[{}', ',{}', ']}')],
  ['nested lists', full('{"data":[', '[', '')],
  ['empty entities in one record', full(`{"data":[{"_id":"${ID}","entities":[{}`, ',{}', ']}]}')],
  ['small entities in one record', full(`{"data":[{"_id":"${ID}","entities":[{}`, `,${entity('<a>&lt;')}`, ']}]}')],
  [
    'long names in one record',
    full(`{"data":[{"_id":"${ID}","entities":[{}`, `,${entity('&lt;b>'.repeat(1500))}`, ']}]}'),
  ],
  ['numbers in a field that is not read', full(`{"data":[{"_id":"${ID}","x":[1`, ',1.5', ']}]}')],
  ['escapes', full(`{"data":[{"_id":"${ID}","title":"`, '\\u0041', '"}]}')],
  ['HTML in one title', full(`{"data":[{"_id":"${ID}","title":"`, '<i>&lt;a&amp;gt;', '"}]}')],
  ['objects that are no JSON', full('{"data":[{}', ',{}', '')],
];

const closers: (() => unknown)[] = [];
afterAll(async () => {
  for (const close of closers.reverse()) await close();
});

/** The built server before a service that gives every request this answer, or none. `sent`: the first one was given. */
async function serve(body: string | undefined, environment: Record<string, string> = {}) {
  let onSent = () => {};
  const sent = new Promise<void>((resolve) => {
    onSent = resolve;
  });
  const service = createServer((req, res) => {
    req.resume();
    if (body === undefined) return;
    res.on('finish', onSent).writeHead(200, { 'content-type': 'application/json' }).end(body);
  });
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const address = service.address();
  const port = typeof address === 'object' ? address?.port : '';
  const running = start([], {
    MDCA_API_URL: `http://127.0.0.1:${port}`,
    MDCA_API_TOKEN: 'a-token-of-the-tests',
    ...environment,
  });
  closers.push(() => {
    running.child.kill('SIGKILL');
    service.closeAllConnections();
    service.close();
  });
  running.send(INITIALIZE);
  await answer(running, 1);
  return { running, sent };
}

async function answer(running: Running, id: number) {
  const found = () => messagesOf(running).find((message) => message.id === id);
  await expect.poll(found, { interval: 20 }).toBeDefined();
  return found()?.result;
}

/** Seconds of processor time so far; Linux alone tells it of another process. */
function processorTime({ child }: Running): number {
  const fields = readFileSync(`/proc/${child.pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The processor time of one call that is answered with this body. */
async function costOf(body: string): Promise<number> {
  const { running } = await serve(body);
  running.send(callOf(2, 'mdca_get_policy', { policy_id: ID }));
  await answer(running, 2);
  const start = processorTime(running);
  running.send(callOf(3, 'mdca_get_open_alerts', { limit: 100, detail: 'full' }));
  await answer(running, 3);
  const cost = processorTime(running) - start;
  running.child.kill('SIGKILL');
  return cost;
}

describe('a reply of 16 MiB', () => {
  test.skipIf(process.platform !== 'linux')('costs little more than one that holds a single text', async () => {
    const plain = await costOf(full('{"x":"', 'x', '"}'));
    for (const [name, body] of REPLIES) {
      const cost = await costOf(body);
      expect(cost / Math.max(0.1, plain), `${name}: ${cost} s, plain: ${plain} s`).toBeLessThan(12);
    }
  });

  test.each(REPLIES)('of %s does not keep the process from its end within 2 s', async (_name, body) => {
    const { running, sent } = await serve(body);
    running.send(callOf(2, 'mdca_get_open_alerts', { limit: 100, detail: 'full' }));
    await sent;
    const asked = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2_000);
  });

  test('with more records than were asked for is told as unreadable', async () => {
    for (const count of [21, 101, 200_000]) {
      const data = Array.from({ length: count }, (_, n) => ({ _id: n.toString(16).padStart(24, '0') }));
      const { running } = await serve(JSON.stringify({ data, hasNext: false }));
      running.send(callOf(2, 'mdca_get_open_alerts', { limit: 20 }));
      expect(await answer(running, 2)).toMatchObject({
        isError: true,
        content: [{ text: expect.stringMatching(/^unreadable: /) }],
      });
      running.child.kill('SIGKILL');
    }
  });
});

describe('a client that queues 5,000 calls', () => {
  test('is told at once which are too many; the others are heard, and the process ends within 2 s', async () => {
    const { running } = await serve(undefined, { MDCA_CALLS_PER_MINUTE: '1' });
    const lines = Array.from({ length: 5_000 }, (_, n) => JSON.stringify(callOf(n + 10, 'mdca_get_open_alerts')));
    running.send(lines.join('\n'));
    running.send({ jsonrpc: '2.0', id: 2, method: 'ping' });
    await answer(running, 2);
    const refused = () => messagesOf(running).filter(({ id = 0, result }) => id >= 10 && result?.isError);
    await expect.poll(() => refused().length).toBe(4_000);
    expect(refused()[0]?.result).toMatchObject({
      content: [{ text: expect.stringMatching(/^busy: 1000 calls .*\nWhy: .*\nTo do: (?:.|\n)*Retry: may help/) }],
    });
    // One that is cancelled makes room for another.
    running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 500 } });
    running.send({ jsonrpc: '2.0', id: 5, method: 'ping' });
    await answer(running, 5);
    running.send(callOf(3, 'mdca_get_policy', { policy_id: ID }));
    running.send(callOf(4, 'mdca_get_policy', { policy_id: ID }));
    expect(await answer(running, 4)).toMatchObject({ isError: true });
    expect(messagesOf(running).some(({ id }) => id === 3)).toBe(false);
    const asked = performance.now();
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2_000);
  });
});

describe.each(['stdin', 'SIGTERM', 'SIGINT'] as const)('within 2 s of %s the process ends', (how) => {
  const WAITS: readonly [string, (running: Running, ids: readonly string[]) => void, (running: Running) => unknown][] =
    [
      [
        'while 1,000 calls wait for the call budget',
        (running) => {
          for (let id = 10; id < 1_010; id++) running.send(callOf(id, 'mdca_get_open_alerts'));
        },
        (running) => answer(running, 10),
      ],
      [
        'while a call waits for new alerts',
        (running) => running.send(callOf(10, 'mdca_wait_for_alerts', { wait_seconds: 45 })),
        () => {},
      ],
      [
        'while a person is asked',
        (running, alert_ids) => running.send(callOf(10, 'mdca_close_alert_benign', { alert_ids })),
        (running) => expect.poll(() => running.stdout()).toContain('elicitation/create'),
      ],
      [
        'while an HTTP 429 lasts',
        (running) =>
          running.send(callOf(10, 'mdca_get_activities', { user_id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf' })),
        () => {},
      ],
    ];

  test.each(WAITS)('%s', async (_name, begin, hasBegun) => {
    const emulator = await createEmulator({ callsPerMinute: 0 });
    closers.push(() => emulator.close());
    emulator.fault({ kind: 'status', status: 429, headers: { 'retry-after': '50' }, path: '/api/v1/activities/' });
    const running = start([], {
      MDCA_API_URL: emulator.url,
      MDCA_API_TOKEN: emulator.token,
      MDCA_CALLS_PER_MINUTE: '5',
    });
    running.send({ ...INITIALIZE, params: { ...INITIALIZE.params, capabilities: { elicitation: {} } } });
    await answer(running, 1);
    begin(
      running,
      emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0).map(({ _id }) => _id),
    );
    await expect.poll(() => emulator.requests.length).toBeGreaterThan(0);
    await hasBegun(running);
    const asked = performance.now();
    if (how === 'stdin') running.child.stdin.end();
    else running.child.kill(how);
    expect(await running.ended).toBe(0);
    expect(performance.now() - asked).toBeLessThan(2_000);
  });
});
