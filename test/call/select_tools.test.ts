import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { selectTools } from '../../src/call/select_tools.ts';
import { readConfig } from '../../src/config/config.ts';
import { GROUPS } from '../../src/tool/groups.ts';
import { defineTool, type Effect, type Tool } from '../../src/tool/tool.ts';
import { WriteOutput } from '../../src/tool/write_output.ts';
import { textOf, tools, withFixture } from '../fixture.ts';

const EFFECTS: readonly Effect[] = ['read', 'write', 'destroy'];
const WRITES = ['off', 'confirm', 'allow'] as const;

/** Names of the tools whose run, plan or commit was called. */
const reached: string[] = [];

function toolOf(effect: Effect, group: Tool['group']): Tool {
  const face = {
    name: `mdca_${effect}_${group}`,
    title: 'A tool',
    description: 'A tool.',
    group,
    input: z.strictObject({ item_id: z.string().default('a') }),
    example: {},
  } as const;
  const reach = <T>(answer: T) => {
    reached.push(`mdca_${effect}_${group}`);
    return Promise.resolve(answer);
  };
  const output = WriteOutput(['done'], {});
  if (effect === 'read') return defineTool({ ...face, effect, output, run: () => reach({ status: 'done' as const }) });
  const target = { id: 'a', state: 'new', untrusted: {} };
  const current = { status: 'done' as const };
  return defineTool({
    ...face,
    effect,
    output,
    targets: 'item_id',
    plan: () => reach({ phrase: 'do it', does: 'It.', targets: [target], leftOut: [], current }),
    commit: () => reach({ status: 'done' as const }),
    after: () => ({}),
  });
}

/** One tool of each effect in each group. */
const ALL = GROUPS.flatMap((group) => EFFECTS.map((effect) => toolOf(effect, group)));
const NAMES = ALL.map(({ name }) => name);

/** Names of the tools that these settings let through, or what is wrong with them. */
function select(environment: Record<string, string>, from: readonly Tool[] = ALL) {
  const config = readConfig({ flags: {}, environment, readFile: () => '' });
  const selected = 'value' in config ? selectTools(from, config.value) : config;
  return 'value' in selected ? [...selected.value] : selected.problems;
}

test('without a setting every tool is selected, in its order', () => {
  expect(select({})).toEqual(NAMES);
});

test('tools are left out that are excluded, that write with writes off, or that were not asked for', () => {
  const names = fc.subarray([...NAMES, ...GROUPS]);
  fc.assert(
    fc.property(fc.constantFrom(...WRITES), names, names, (writes, asked, excluded) => {
      const selected = select({
        MDCA_WRITES: writes,
        MDCA_TOOLS: asked.join(','),
        MDCA_EXCLUDE_TOOLS: excluded.join(' '),
      });
      const isIn = (list: readonly string[], { name, group }: Tool) => list.some((it) => it === name || it === group);
      for (const tool of ALL) {
        const outcome = isIn(excluded, tool)
          ? 'excluded'
          : writes === 'off' && tool.effect !== 'read'
            ? 'a write'
            : asked.length > 0 && !isIn(asked, tool)
              ? 'not asked for'
              : 'selected';
        expect(selected.includes(tool.name), `${tool.name} is ${outcome}`).toBe(outcome === 'selected');
      }
    }),
    { numRuns: 500 },
  );
});

describe('an unknown name', () => {
  test.each([
    [
      'MDCA_TOOLS',
      'mdca_read_conector',
      'Unknown tool or group "mdca_read_conector"; did you mean mdca_read_connector?',
    ],
    ['MDCA_EXCLUDE_TOOLS', 'investigat', 'Unknown tool or group "investigat"; did you mean investigate?'],
    ['MDCA_EXCLUDE_TOOLS', 'MDCA_READ_MANAGE', 'Unknown tool or group "MDCA_READ_MANAGE"'],
    ['MDCA_TOOLS', 'xyzzyxyzzy', 'Unknown tool or group (name 1; not quoted, as it may be a secret).'],
    ['MDCA_EXCLUDE_TOOLS', '*', 'Unknown tool or group "*".'],
  ])('stops the start in %s: %s', (setting, name, problem) => {
    expect(select({ [setting]: name })).toEqual([expect.stringContaining(`${setting}: ${problem}`)]);
  });

  test('is reported with every other one', () => {
    const problems = select({ MDCA_TOOLS: 'connector, one', MDCA_EXCLUDE_TOOLS: 'two' });
    expect(problems).toEqual([expect.stringContaining('"one"'), expect.stringContaining('"two"')]);
  });
});

const ofConnector = ALL.filter(({ group }) => group === 'connector');

/** What a setting may hold, by what it names. */
const VALUES = {
  nothing: '',
  'its name': ofConnector.map(({ name }) => name).join(','),
  'its group': 'connector',
  'another name': 'mdca_read_manage',
};
const WAYS = ['nothing', 'its name', 'its group', 'another name'] as const;

describe.each(WRITES)('with MDCA_WRITES=%s, when a call is dispatched', (writes) => {
  test.each(WAYS.flatMap((asked) => WAYS.map((excluded) => [asked, excluded] as const)))(
    '%s asked for, %s excluded',
    (asked, excluded) => {
      const environment = {
        MDCA_WRITES: writes,
        MDCA_TOOLS: VALUES[asked],
        MDCA_EXCLUDE_TOOLS: VALUES[excluded],
      };
      const isOut = (tool: Tool) =>
        excluded === 'its name' ||
        excluded === 'its group' ||
        (writes === 'off' && tool.effect !== 'read') ||
        asked === 'another name';
      return withFixture(
        async (fixture) => {
          for (const tool of ofConnector) {
            reached.length = 0;
            const result = await fixture.call(tool.name);
            expect(textOf(result).startsWith('tool_withheld')).toBe(isOut(tool));
            expect(reached.includes(tool.name)).toBe(!isOut(tool));
          }
        },
        { environment, tools: ALL },
      );
    },
  );
});

describe('through the whole fixture', () => {
  const reads = (tool: Tool) => tool.effect === 'read';

  test.each<[Record<string, string>, (tool: Tool) => boolean]>([
    [{ MDCA_WRITES: 'off' }, reads],
    [
      { MDCA_WRITES: 'off', MDCA_TOOLS: 'mdca_close_alert_benign,mdca_get_policy' },
      ({ name }) => name === 'mdca_get_policy',
    ],
    [{ MDCA_TOOLS: 'mdca_get_open_alerts' }, ({ name }) => name === 'mdca_get_open_alerts'],
    [{ MDCA_EXCLUDE_TOOLS: 'mdca_disable_policy' }, ({ name }) => name !== 'mdca_disable_policy'],
    [{ MDCA_TOOLS: 'mdca_get_policy', MDCA_EXCLUDE_TOOLS: 'connector' }, () => false],
  ])('with %j a withheld tool is neither listed nor run', (environment, isOffered) =>
    withFixture(
      async (fixture) => {
        const listed = (await fixture.client.listTools()).tools.map(({ name }) => name);
        expect(listed).toEqual(tools.filter(isOffered).map(({ name }) => name));
        const withheld = tools.filter((tool) => !isOffered(tool));
        expect(withheld.length).toBeGreaterThan(0);
        for (const { name, example } of withheld) {
          for (const args of [example, {}, { wrong: 1 }]) {
            const result = await fixture.call(name, args);
            expect(result.isError).toBe(true);
            expect(textOf(result)).toMatch(new RegExp(`^tool_withheld: ${name} `));
          }
        }
        expect(fixture.emulator.requests).toEqual([]);
      },
      { environment },
    ),
  );
});
