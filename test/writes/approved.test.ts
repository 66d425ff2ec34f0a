import { describe, expect, test } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Plan } from '../../src/tool/plan.ts';
import type { WriteTool } from '../../src/tool/tool.ts';
import { textOf, tools, withFixture } from '../fixture.ts';
import { argsFor, idsFor, WRITES } from '../samples.ts';
import { agrees, changedIds, codeOf, writesOf } from './writing.ts';

/** The tool as if its first target had changed after the first plan. */
function withChange(tool: WriteTool): WriteTool {
  let plans = 0;
  return {
    ...tool,
    async plan(input, api) {
      const plan = await tool.plan(input, api);
      return plans++ === 0 ? plan : withoutFirst(plan);
    },
  };
}

function withoutFirst(plan: Plan): Plan {
  const [first, ...targets] = plan.targets;
  const leftOut = first ? [{ id: first.id, why: 'changed meanwhile' }] : [];
  return { ...plan, targets, leftOut: [...plan.leftOut, ...leftOut] };
}

const offered = (changed: WriteTool) => tools.map((tool) => (tool.name === changed.name ? changed : tool));

/** Paths and bodies of requests as one text, to look for an id in it. */
const sentText = (requests: Emulator['requests']) =>
  requests.map(({ path, rawBody }) => `${path} ${rawBody}`).join('\n');

/** However a commit is written, it changes only what the second plan still names. */
describe.each(WRITES)('%s, when a target has changed since the plan', (name, tool) => {
  test.each(['code', 'person'])('leaves that target out and says so, confirmed by a %s', (how) =>
    withFixture(
      async (fixture) => {
        const [changed = '', ...others] = idsFor(tool);
        const before = structuredClone(fixture.emulator.state);
        const args = argsFor(name);
        const confirm = how === 'code' ? codeOf(await fixture.call(name, args)) : undefined;
        const result = await fixture.call(name, { ...args, confirm });
        expect(result.isError, textOf(result)).toBeFalsy();
        expect(result.structuredContent?.warning).toContain(`${changed} was `);
        expect(sentText(writesOf(fixture))).not.toContain(changed);
        expect(changedIds(before, fixture.emulator.state).toSorted()).toEqual(others.toSorted());
      },
      {
        environment: { MDCA_WRITES: 'confirm' },
        tools: offered(withChange(tool)),
        ...(how === 'person' && { person: agrees }),
      },
    ),
  );
});

/** A faulty commit: it writes like the real one, but to an item that nobody approved. */
describe.each(WRITES)('%s, with a commit that writes to another item', (name, tool) => {
  test('is stopped before anything is sent', () => {
    const stray: WriteTool = {
      ...tool,
      commit: ({ targets: [first], current }, input, api) =>
        tool.commit({ targets: [{ ...first, id: strayIdFor(first.id) }], current }, input, api),
    };
    return withFixture(
      async (fixture) => {
        const before = structuredClone(fixture.emulator.state);
        const result = await fixture.call(name, argsFor(name));
        expect(result.isError).toBe(true);
        expect(textOf(result)).toMatch(/^internal: .*stopped before it was sent/);
        expect(writesOf(fixture)).toEqual([]);
        expect(changedIds(before, fixture.emulator.state)).toEqual([]);
      },
      { tools: offered(stray) },
    );
  });
});

/** Another id of the same form. */
function strayIdFor(id: string): string {
  return id.replace(/.$/, (last) => (last === '1' ? '2' : '1'));
}
