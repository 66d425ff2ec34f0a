import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import { describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { textOf, withFixture } from '../fixture.ts';
import { ROOT, serverOf } from '../process.ts';

const MANY = 12_000;
const LIMIT = 1_000;
/** The most that the service takes as `skip` and `limit` together, and as `limit` (docs/defender-api.md 3.2). */
const WINDOW = 5_000;
const PAGE = 100;
const USER = '9e6f4bda-0812-4274-a2f4-2a10b3a56faf';
/** As programs run it, and with nothing that waits for the budget. */
const ENVIRONMENT = { MDCA_ANSWER_TOKENS: '0', MDCA_CALLS_PER_MINUTE: '1000000' };

type Call = (args: object) => Promise<CallToolResult>;

/** Of these, 2,500 have one time, 4,000 come in groups of 40, and the others have one each. */
function timeOf(n: number): number {
  if (n < 2_500) return 2_000;
  return n < 6_500 ? 3_000 + Math.floor(n / 40) : n;
}

/** Replaces the activities of the tenant by as many of one user. @returns their ids, newest first */
function fillActivities({ state }: Emulator): string[] {
  const model = state.activities.find(({ entityData }) => entityData['2'].id.id === USER);
  if (!model) throw new Error('the user has done nothing');
  const now = Date.now();
  const all = Array.from({ length: MANY }, (_, n) => {
    const _id = `activity-${n}`;
    return { ...model, _id, uid: _id, timestamp: now - 60_000 * timeOf(n), description: `Did ${_id}` };
  });
  state.activities.splice(0, state.activities.length, ...all.toSorted((a, b) => (a.uid < b.uid ? -1 : 1)));
  return state.activities.toSorted((a, b) => b.timestamp - a.timestamp).map(({ _id }) => _id);
}

interface Part {
  ids: string[];
  cursor: string | undefined;
  more: boolean;
  total: number | undefined;
}

async function part(call: Call, member: string, args: object): Promise<Part> {
  const result = await call(args);
  expect(result.isError, textOf(result)).toBeFalsy();
  const answer = result.structuredContent as Record<string, unknown>;
  const ids = (answer[member] as { id: string }[]).map(({ id }) => id);
  expect(answer.returned).toBe(ids.length);
  const [cursor, total] = [answer.cursor as string | undefined, answer.total as number | undefined];
  return { ids, cursor, more: answer.has_more === true, total };
}

/** The built server as a process of its own, before this emulator. */
async function withServer(emulator: Emulator, run: (client: Client) => Promise<void>): Promise<void> {
  const client = new Client({ name: 'paging', version: '1.0.0' });
  const env = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, ...ENVIRONMENT };
  await client.connect(new StdioClientTransport({ ...serverOf('mdca'), cwd: ROOT, env, stderr: 'ignore' }));
  try {
    await run(client);
  } finally {
    await client.close();
  }
}

describe.each([
  ['mdca_list_activities', { user: USER }],
  ['mdca_list_activities', { app_id: 0, since: '30d' }],
  ['mdca_get_activities', { user_id: USER }],
])('%s %j of 12,000', (name, args) => {
  test('brings all in their order, each once, by as few calls as can be, and over a restart', async () => {
    const emulator = await createEmulator({ callsPerMinute: 0 });
    try {
      const expected = fillActivities(emulator);
      const [first] = emulator.state.activities;
      const asked = { ...args, ...('app_id' in args && { app_id: first?.appId }), limit: LIMIT };
      const ids: string[] = [];
      let cursor: string | undefined;
      for (let more = true; more; ) {
        await withServer(emulator, async (client) => {
          const call: Call = async (given) =>
            (await client.callTool({ name, arguments: { ...given } })) as CallToolResult;
          for (let calls = 0; more && calls < 5; calls++) {
            const got = await part(call, 'activities', { ...asked, cursor });
            expect(got.total).toBe(MANY);
            ids.push(...got.ids);
            ({ cursor, more } = got);
            // What happens meanwhile is no part of the list, and shifts nothing.
            const [model] = emulator.state.activities;
            if (model) emulator.state.activities.push({ ...model, _id: `new ${ids.length}`, timestamp: Date.now() });
          }
        });
      }
      expect(ids).toEqual(expected);
      const sizes = emulator.requests.map(({ body }) => body as { skip: number; limit: number });
      expect(emulator.requests.every(({ status }) => status === 200)).toBe(true);
      expect(Math.max(...sizes.map(({ skip, limit }) => skip + limit))).toBeLessThanOrEqual(WINDOW);
      expect(emulator.requests).toHaveLength(MANY / PAGE);
    } finally {
      await emulator.close();
    }
  });
});

test.each(['newest', 'severity'])('6,000 alerts come in their order, %s first, each once', (sort) =>
  withFixture(
    async ({ call, emulator }) => {
      const { alerts } = emulator.state;
      const models = alerts.slice(0, 1);
      const all = models.flatMap((model) =>
        Array.from({ length: 6_000 }, (_, n) => ({
          ...model,
          _id: n.toString(16).padStart(24, '0'),
          timestamp: Date.now() - 60_000 * Math.floor(n / 7),
          severityValue: (n * 7) % 4,
        })),
      );
      alerts.splice(0, alerts.length, ...all);
      const rank = ({ severityValue }: { severityValue: number }) => [1, 2, 3, 0][severityValue] ?? 0;
      const expected = all.toSorted((a, b) => (sort === 'newest' ? b.timestamp - a.timestamp : rank(b) - rank(a)));
      const ids: string[] = [];
      for (let cursor: string | undefined, more = true; more; ) {
        const got = await part((args) => call('mdca_list_alerts', { ...args }), 'alerts', {
          sort,
          limit: LIMIT,
          cursor,
        });
        ids.push(...got.ids);
        ({ cursor, more } = got);
      }
      expect(ids).toEqual(expected.map(({ _id }) => _id));
      expect(emulator.requests).toHaveLength(60);
    },
    { environment: ENVIRONMENT },
  ),
);

/** Bytes in use after all garbage is collected. */
function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
  return process.memoryUsage().heapUsed;
}

test('memory stays as it is, however many pages are read', () =>
  withFixture(
    async ({ client, emulator, logged }) => {
      fillActivities(emulator);
      let bytes = 0;
      const read = async () => {
        for (let cursor: string | undefined, more = true; more; ) {
          const call: Call = async (args) =>
            (await client.callTool({ name: 'mdca_get_activities', arguments: { ...args } })) as CallToolResult;
          const result = await call({ user_id: USER, limit: LIMIT, cursor });
          bytes += JSON.stringify(result).length;
          ({ cursor, more } = await part(async () => result, 'activities', {}));
          emulator.requests.length = 0;
          logged.length = 0;
        }
      };
      await read();
      const before = heapUsed();
      bytes = 0;
      await read();
      const growth = heapUsed() - before;
      // Had it kept what it answered, it would have grown by all of that at least.
      expect(growth).toBeLessThan(bytes / 2);
    },
    { environment: ENVIRONMENT },
  ));
