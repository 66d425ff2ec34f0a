import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { JSON_HEADERS } from '../door.ts';
import { messagesOf, type Running, start } from '../process.ts';
import { describeWith, startRedis } from '../redis/parts.ts';
import { openIds } from '../samples.ts';
import { type Answered, ASKS, metaOf, questionOf, REVISION } from './modern_wire.ts';

const CLOSE = 'mdca_close_alert_benign';
const DECLINED = { confirmation: { action: 'decline' } };
const USED = { error: { code: -32_602, message: expect.stringContaining('used before') } };
const UNKNOWN = { error: { code: -32_602, message: expect.stringContaining('not known here') } };
const CLOSED = { result: { structuredContent: { status: 'closed', closed: 2 } } };

type Environment = Record<string, string>;

/** The built server as a process of its own. */
interface Process {
  readonly running: Running;
  /** Asks it to close the two alerts. */
  close(more?: object): Promise<Answered>;
  end(): Promise<void>;
}

let emulator: Emulator;
let place: string;
let processes: Process[];
beforeEach(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
  place = mkdtempSync(join(tmpdir(), 'elsewhere-'));
  writeFileSync(join(place, 'key'), 'k'.repeat(32));
  processes = [];
});
afterEach(async () => {
  for (const { end } of processes) await end();
  await emulator.close();
  rmSync(place, { recursive: true });
});

const writes = () => emulator.requests.filter(({ effect }) => effect === 'write');

function startServer(args: readonly string[], more: Environment): Running {
  const tenant = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, MDCA_CALLS_PER_MINUTE: '100000' };
  return start(args, { ...tenant, MDCA_WRITES: 'confirm', MDCA_SIGNING_KEY_FILE: join(place, 'key'), ...more });
}

/** The alerts that are open when the test begins, as another process must be sent the same call. */
function callsOf() {
  const args = { alert_ids: openIds(emulator.state.alerts, 2) };
  let last = 0;
  return (more: object) => {
    const params = { name: CLOSE, arguments: args, ...more, _meta: metaOf(ASKS) };
    return { jsonrpc: '2.0', id: ++last, method: 'tools/call', params };
  };
}

const DOORS: [string, (callOf: ReturnType<typeof callsOf>, more?: Environment) => Promise<Process>][] = [
  [
    'stdio',
    async (callOf, more = {}) => {
      const running = startServer([], more);
      const opened = {
        running,
        async close(answer: object = {}) {
          const message = callOf(answer);
          running.send(message);
          const answered = () => messagesOf(running).find(({ id }) => id === message.id);
          await expect.poll(answered).toBeDefined();
          return answered() ?? {};
        },
        async end() {
          running.child.stdin.end();
          await running.ended;
        },
      };
      processes.push(opened);
      return opened;
    },
  ],
  [
    'HTTP',
    async (callOf, more = {}) => {
      const running = startServer(['--http', '0'], more);
      await expect.poll(() => running.stderr()).toContain('"serving"');
      const { url } = JSON.parse(running.stderr().split('\n', 1).join());
      const headers = { 'mcp-protocol-version': REVISION, 'mcp-method': 'tools/call', 'mcp-name': CLOSE };
      const opened = {
        running,
        async close(answer: object = {}) {
          const body = JSON.stringify(callOf(answer));
          return Object(
            await (await fetch(url, { method: 'POST', headers: { ...JSON_HEADERS, ...headers }, body })).json(),
          );
        },
        async end() {
          running.child.kill('SIGTERM');
          await running.ended;
        },
      };
      processes.push(opened);
      return opened;
    },
  ],
];

describe.each(DOORS)('over %s, two processes with one signing key', (_door, open) => {
  /** Two processes, of which the first has asked a person. */
  async function twoOf(more: Environment = {}) {
    const callOf = callsOf();
    const [one, other] = await Promise.all([open(callOf, more), open(callOf, more)]);
    const { requestState, agreed } = questionOf(await one.close());
    const again = { requestState, inputResponses: agreed };
    return { one, other, again, third: () => open(callOf, more) };
  }

  test('what was used at one is refused at the other, and after a restart, though the items look as before', async () => {
    const { one, other, again, third } = await twoOf();
    expect(await one.close(again)).toMatchObject(CLOSED);
    for (const alert of emulator.state.alerts) alert.resolutionStatusValue = 0;
    expect(await other.close(again)).toMatchObject(USED);
    await one.end();
    expect(await (await third()).close(again)).toMatchObject(USED);
    expect(writes()).toHaveLength(1);
  });

  test('what was declined at one cannot be accepted at the other', async () => {
    const { one, other, again } = await twoOf();
    const declined = await one.close({ ...again, inputResponses: DECLINED });
    expect(declined).toMatchObject({ result: { structuredContent: { status: 'declined' } } });
    expect(await other.close(again)).toMatchObject(USED);
    expect(writes()).toEqual([]);
  });

  test('a question goes on at the other when the process that asked has ended', async () => {
    const { one, other, again } = await twoOf();
    await one.end();
    expect(await other.close(again)).toMatchObject(CLOSED);
  });

  test('20 answers at once at both write once', async () => {
    const { one, other, again } = await twoOf();
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).close(again)));
    expect(answers.filter(({ result }) => result)).toMatchObject([CLOSED]);
    expect(answers.filter(({ error }) => error)).toMatchObject(Array(19).fill(USED));
    expect(writes()).toHaveLength(1);
  });

  test('an answer that could not be acted on is good again at the other', async () => {
    const { one, other, again } = await twoOf();
    emulator.fault({ kind: 'status', status: 403 });
    expect(await one.close(again)).toMatchObject({ result: { isError: true } });
    expect(await other.close(again)).toMatchObject(CLOSED);
    expect(await one.close(again)).toMatchObject(USED);
  });

  test('where nothing can be written beside the key, a question is answered at the process that has put it', async () => {
    writeFileSync(join(place, 'key.questions'), '');
    const { one, other, again, third } = await twoOf();
    expect(await other.close(again)).toMatchObject(UNKNOWN);
    expect(await one.close(again)).toMatchObject(CLOSED);
    expect(await one.close(again)).toMatchObject(USED);
    expect(await (await third()).close(again)).toMatchObject(UNKNOWN);
    expect(writes()).toHaveLength(1);
    expect(one.running.stderr().match(/at this process only/g)).toHaveLength(1);
  });
});

test('a process with a copy of the key elsewhere does not take the answer', async () => {
  const [[, open] = []] = DOORS;
  const callOf = callsOf();
  mkdirSync(join(place, 'copy'));
  writeFileSync(join(place, 'copy', 'key'), 'k'.repeat(32));
  const one = await open?.(callOf);
  const other = await open?.(callOf, { MDCA_SIGNING_KEY_FILE: join(place, 'copy', 'key') });
  const { requestState, agreed } = questionOf((await one?.close()) ?? {});
  expect(await other?.close({ requestState, inputResponses: agreed })).toMatchObject(UNKNOWN);
  expect(writes()).toEqual([]);
});

describeWith(['redis-server'], 'two processes that share a Redis', () => {
  test('nobody is asked while it is away, and what it has forgotten is refused', async () => {
    const redis = await startRedis();
    const [[, open] = []] = DOORS;
    const callOf = callsOf();
    const one = await open?.(callOf, { MDCA_REDIS_URL: redis.url });
    const ask = async () => (await one?.close()) ?? {};
    const { requestState, agreed } = questionOf(await ask());
    await redis.kill();
    const away = await ask();
    expect(away).toMatchObject({
      result: { isError: true, content: [{ text: expect.stringContaining('store_away') }] },
    });
    await redis.start();
    const again = { requestState, inputResponses: agreed };
    await expect.poll(() => one?.close(again), { timeout: 10_000 }).toMatchObject(UNKNOWN);
    expect(writes()).toEqual([]);
    await redis.close();
  });
});
