import { readFileSync } from 'node:fs';
import { countTokens } from 'gpt-tokenizer/encoding/o200k_base';
import { expect, test } from 'vitest';
import { toolList } from '../../src/cli/tool_list.ts';
import { textOf, withFixture } from '../fixture.ts';
import { INITIALIZE, messagesOf, ROOT, start } from '../process.ts';
import { agrees } from '../writes/writing.ts';
import { TASKS } from './tasks.ts';

const read = (file: string) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'));

/** What every start, every conversation and every task pays; each has its ceiling here and nowhere else. */
const CEILINGS = read('test/ceilings/ceilings.json');

/** The same names, and no figure above its ceiling. */
function expectWithin(facts: Record<string, number>, ceilings: Record<string, number>): void {
  expect(Object.keys(facts).sort()).toEqual(Object.keys(ceilings).sort());
  for (const [fact, value] of Object.entries(facts)) {
    expect(value, `${fact} is ${value}`).toBeLessThanOrEqual(ceilings[fact] ?? 0);
  }
}

test('a start loads no more than it may', () => {
  const { packages, ...facts } = read('dist/bundle.json');
  const { packages: allowed, ...ceilings } = CEILINGS.bundle;
  expectWithin(facts, ceilings);
  expect(packages).toEqual(allowed);
});

test('the bundle lists what the sources list', async () => {
  const running = start([], { MDCA_API_URL: 'http://127.0.0.1:9', MDCA_API_TOKEN: 'x' });
  for (const message of [INITIALIZE, { jsonrpc: '2.0', id: 2, method: 'tools/list' }]) running.send(message);
  await expect.poll(() => messagesOf(running)).toHaveLength(2);
  running.child.stdin.end();
  expect(await running.ended).toBe(0);
  expect(messagesOf(running)[1]?.result).toEqual({ tools: toolList.map(({ face }) => face) });
});

test('the list and the default answers take no more tokens than they may', () =>
  withFixture(async (fixture) => {
    const list = (groups: RegExp) =>
      countTokens(
        JSON.stringify({ tools: toolList.filter(({ group }) => groups.test(group)).map(({ face }) => face) }),
      );
    const facts = {
      tools_list: list(/./),
      tools_list_of_the_connector: list(/^connector$/),
      twenty_alerts: countTokens(textOf(await fixture.call('mdca_get_open_alerts'))),
    };
    expectWithin(facts, CEILINGS.tokens);
  }));

test.each(Object.entries(TASKS))('%s: no more calls to the service than it may', (name, task) =>
  withFixture(
    async (fixture) => {
      await task(fixture);
      expect(fixture.emulator.requests.length).toBeLessThanOrEqual(CEILINGS.calls[name]);
    },
    { environment: { MDCA_WRITES: 'confirm' }, person: agrees },
  ),
);

test('every scripted task has a ceiling', () => {
  expect(Object.keys(CEILINGS.calls)).toEqual(Object.keys(TASKS));
});
