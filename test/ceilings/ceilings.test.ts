import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { toolList } from '../../src/cli/tool_list.ts';
import { textOf, withFixture } from '../fixture.ts';
import { INITIALIZE, messagesOf, ROOT, start } from '../process.ts';
import { agrees } from '../writes/writing.ts';
import { TASKS } from './tasks.ts';

const read = (file: string) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'));

/** Upper limits for what a start loads, what the list of tools costs and what a task calls. No other file has them. */
const CEILINGS = read('test/ceilings/ceilings.json');

/** Expects the same names in both, and no value above its ceiling. */
function expectWithin(facts: Record<string, number>, ceilings: Record<string, number>): void {
  expect(Object.keys(facts).sort(), 'facts against the names in test/ceilings/ceilings.json').toEqual(
    Object.keys(ceilings).sort(),
  );
  for (const [fact, value] of Object.entries(facts)) {
    expect(value, `${fact} is ${value}; its ceiling stands in test/ceilings/ceilings.json`).toBeLessThanOrEqual(
      ceilings[fact] ?? 0,
    );
  }
}

test.each(['legacy', 'modern'])('a start of the %s era loads no more than its ceilings permit', (era) => {
  const { packages, ...facts } = read('dist/bundle.json')[era];
  const { packages: allowed, ...ceilings } = CEILINGS.bundle[era];
  expectWithin(facts, ceilings);
  expect(packages, `packages of a start against bundle.${era} in test/ceilings/ceilings.json`).toEqual(allowed);
});

test('the bundle is no larger than its ceiling permits', () => {
  const { bytes_with_all_on_demand } = read('dist/bundle.json');
  expect(bytes_with_all_on_demand).toBeLessThanOrEqual(CEILINGS.bundle.bytes_with_all_on_demand);
});

test('the bundle lists what the sources list', async () => {
  const running = start([], { MDCA_API_URL: 'http://127.0.0.1:9', MDCA_API_TOKEN: 'x' });
  for (const message of [INITIALIZE, { jsonrpc: '2.0', id: 2, method: 'tools/list' }]) running.send(message);
  await expect.poll(() => messagesOf(running)).toHaveLength(2);
  running.child.stdin.end();
  expect(await running.ended).toBe(0);
  expect(messagesOf(running)[1]?.result).toEqual({ tools: toolList.map(({ face }) => face) });
});

const count = (value: unknown) => countTokens(typeof value === 'string' ? value : JSON.stringify(value));

test('the list of tools takes no more tokens than its ceilings permit', () => {
  const faces = toolList.map(({ face }) => face);
  const seen = faces.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }));
  const facts = {
    tools_list: count({ tools: faces }),
    tools_list_as_a_model_sees_it: count(seen),
    longest_tool_as_a_model_sees_it: Math.max(...seen.map(count)),
  };
  expectWithin(facts, CEILINGS.list_tokens);
});

// Where midnight falls decides how many rows need a day.
test.each(Array.from({ length: 24 }, (_, hour) => hour))(
  'the default answers take no more tokens than their ceilings permit, read at %s:30',
  (hour) =>
    withFixture(
      async (fixture) => {
        const alerts = await fixture.call('mdca_get_open_alerts');
        const activities = await fixture.call('mdca_get_activities', {
          user_id: '9e6f4bda-0812-4274-a2f4-2a10b3a56faf',
        });
        const facts = {
          twenty_alerts: count(textOf(alerts)),
          twenty_alerts_as_value: count(alerts.structuredContent),
          twenty_activities: count(textOf(activities)),
          twenty_activities_as_value: count(activities.structuredContent),
        };
        expectWithin(facts, CEILINGS.answer_tokens);
      },
      { emulator: { ordinaryWork: true, now: () => new Date().setUTCHours(hour, 30) } },
    ),
);

test.each(Object.entries(TASKS))('%s: makes no more calls to the service than its ceiling permits', (name, task) =>
  withFixture(
    async (fixture) => {
      await task(fixture);
      const made = `calls of this task; its ceiling stands under "calls" in test/ceilings/ceilings.json`;
      expect(fixture.emulator.requests.length, made).toBeLessThanOrEqual(CEILINGS.calls[name]);
    },
    { environment: { MDCA_WRITES: 'confirm' }, emulator: { ordinaryWork: true }, person: agrees },
  ),
);

test('every scripted task has a ceiling', () => {
  const difference = '"calls" in test/ceilings/ceilings.json against TASKS in test/ceilings/tasks.ts';
  expect(Object.keys(CEILINGS.calls), difference).toEqual(Object.keys(TASKS));
});
