import { once } from 'node:events';
import { createInterface } from 'node:readline';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { start } from '../process.ts';

type Json = Record<string, unknown>;

const MESSAGES_A_RUN = 500;
const RUNS = 20;

const METHODS = [
  'initialize',
  'ping',
  'tools/list',
  'tools/call',
  'resources/list',
  'resources/templates/list',
  'resources/read',
  'resources/unsubscribe',
  'notifications/cancelled',
  'notifications/initialized',
  'elicitation/create',
  'logging/setLevel',
  '__proto__',
];
const NAMES = [
  'mdca_get_policy',
  'mdca_close_alert_benign',
  'mdca_tag_app_unsanctioned',
  'mdca://alerts/{alert_id}',
  '',
];

const value = fc.jsonValue({ maxDepth: 2 });
/** Mostly what the first arbitrary gives, else any value. */
const mostly = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: usual }, { weight: 1, arbitrary: value });
const object = (members: Record<string, fc.Arbitrary<unknown>>) => fc.record(members, { requiredKeys: [] });
const meta = mostly(object({ progressToken: value, 'io.modelcontextprotocol/related-task': value, more: value }));
const params = object({
  name: mostly(fc.constantFrom(...NAMES)),
  uri: mostly(fc.constantFrom(...NAMES)),
  arguments: mostly(object({ policy_id: value, alert_ids: value, confirm: value, app_id: value })),
  _meta: meta,
  cursor: value,
  task: value,
  protocolVersion: mostly(fc.constantFrom('2025-11-25', '2025-03-26', '1')),
  capabilities: mostly(object({ elicitation: value, roots: value, tasks: value })),
  clientInfo: mostly(object({ name: value, version: value, icons: value })),
});
const message = fc.oneof(
  object({
    jsonrpc: mostly(fc.constant('2.0')),
    method: mostly(fc.constantFrom(...METHODS)),
    params: mostly(params),
    result: fc.option(value, { freq: 3 }),
    error: fc.option(value, { freq: 3 }),
    more: value,
  }),
  fc.object({ maxDepth: 1 }).map((members): Json => JSON.parse(JSON.stringify(members))),
);

/** Messages with ids that are used once, as lines: each line holds one, or a batch. */
function toLines(
  messages: readonly Json[],
  batchSizes: readonly number[],
  first: number,
): { ids: unknown[]; lines: string[] } {
  const ids = messages.map((_, n) => [first + n, `${first + n}`, first + n + 0.5][n % 3]);
  const left = messages.map((each, n) => ({ ...each, id: ids[n] }));
  const lines: string[] = [];
  for (let n = 0; left.length > 0; n++) {
    const size = batchSizes[n % batchSizes.length] ?? 0;
    lines.push(JSON.stringify(size === 0 ? left.shift() : left.splice(0, size)));
  }
  return { ids, lines };
}

test('10,000 random messages with ids, alone and in batches, are each answered once, and the server stays up', async () => {
  const emulator = await createEmulator({ callsPerMinute: 0 });
  const running = start(['--log-level', 'error'], {
    MDCA_API_URL: emulator.url,
    MDCA_API_TOKEN: emulator.token,
    MDCA_CALLS_PER_MINUTE: '100000',
  });
  const answers = new Map<unknown, Json[]>();
  const read = createInterface(running.child.stdout);
  read.on('line', (line) => {
    for (const answer of [JSON.parse(line)].flat()) answers.set(answer.id, [...(answers.get(answer.id) ?? []), answer]);
  });
  const ask = async (ids: readonly unknown[], lines: readonly string[]) => {
    running.child.stdin.write(`${lines.join('\n')}\n`);
    while (!ids.every((id) => answers.has(id))) {
      await Promise.race([once(read, 'line'), running.ended.then((code) => expect.fail(`the server ended: ${code}`))]);
    }
  };
  let sent = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(message, { minLength: MESSAGES_A_RUN, maxLength: MESSAGES_A_RUN }),
      fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 9 }),
      async (messages, batchSizes) => {
        const { ids, lines } = toLines(messages, batchSizes, sent);
        sent += messages.length;
        await ask(ids, lines);
        for (const id of ids) {
          expect(answers.get(id)).toHaveLength(1);
          const { jsonrpc, result, error } = answers.get(id)?.[0] ?? {};
          expect(jsonrpc).toBe('2.0');
          expect([result === undefined, error === undefined].sort()).toEqual([false, true]);
          expect(JSON.stringify(error ?? null), 'no dump of a schema library').not.toMatch(
            /invalid_(type|value|union|key)|"path"/,
          );
        }
      },
    ),
    { numRuns: RUNS, endOnFailure: true },
  );
  await ask(['end'], ['{"jsonrpc":"2.0","id":"end","method":"ping"}']);
  expect(answers.get('end')).toEqual([{ jsonrpc: '2.0', id: 'end', result: {} }]);
  expect(sent).toBeGreaterThanOrEqual(10_000);
  // What has no id that could be read is in no answer, as each message had one.
  expect(answers.get(null)).toBeUndefined();
  running.child.stdin.end();
  expect(await running.ended).toBe(0);
  expect(emulator.requests.filter(({ effect }) => effect === 'write')).toEqual([]);
  await emulator.close();
});
