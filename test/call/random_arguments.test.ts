import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { readArguments } from '../../src/call/check_arguments.ts';
import { Fault } from '../../src/core/errors.ts';
import type { Tool } from '../../src/tool/tool.ts';
import { tools, withFixture } from '../fixture.ts';
import { argumentsOf } from '../injection/arguments.ts';
import { type Args, WRITES } from '../samples.ts';
import { PORTAL } from './forms.ts';
import { differencesOf, membersIn } from './meaning.ts';
import { POOL, randomArguments, rightArguments } from './random_arguments.ts';

const RUNS = 10_000;

/** The arguments as the tool gets them, or undefined if they are refused. */
function readOrRefuse(tool: Tool, args: Args): Args | undefined {
  try {
    return readArguments(tool, args, PORTAL);
  } catch (error) {
    if (error instanceof Fault && error.code === 'invalid_input') return undefined;
    throw error;
  }
}

/** @throws Error if the tool would get what does not mean what was given */
function checkMeaning(tool: Tool, schemas: ReturnType<typeof argumentsOf>, args: Args): 'accepted' | 'refused' {
  const read = readOrRefuse(tool, args);
  const differences = read ? differencesOf(schemas, args, read) : [];
  if (differences.length === 0) return read ? 'accepted' : 'refused';
  throw new Error(`${differences} of ${JSON.stringify(args)} became ${JSON.stringify(read)}`);
}

const CLOSES = WRITES.filter(([, { output }]) => 'closed_ids' in output.shape);
const OTHERS = tools.filter(({ output }) => !('closed_ids' in output.shape));

test.each(OTHERS.map((tool) => [tool.name, tool] as const))(
  '%s: random arguments are refused, or mean to the tool what they mean to a person',
  (_name, tool) => {
    const schemas = argumentsOf(tool);
    const seen = { accepted: 0, refused: 0 };
    const property = fc.property(randomArguments(tool), (args) => {
      seen[checkMeaning(tool, schemas, args)]++;
    });
    fc.assert(property, { numRuns: RUNS });
    expect(Math.min(seen.accepted, seen.refused)).toBeGreaterThan(RUNS / 20);
  },
);

test.each(CLOSES)(
  '%s: random arguments close what they mean to a person, by 1 to 1,000 ids, or nothing',
  (name, tool) =>
    withFixture(
      async ({ client, emulator }) => {
        const { alerts } = emulator.state;
        const models = alerts.splice(0).slice(0, 1);
        alerts.push(...models.flatMap((model) => POOL.map((_id) => ({ ...model, _id, entities: [] }))));
        const known = new Set(POOL);
        const schemas = argumentsOf(tool);
        let closes = 0;
        const property = fc.asyncProperty(randomArguments(tool, 25), async (args) => {
          checkMeaning(tool, schemas, args);
          for (const alert of alerts) alert.resolutionStatusValue = 0;
          const before = emulator.requests.length;
          const result = await client.callTool({ name, arguments: { ...args } });
          const sent = emulator.requests.slice(before).filter(({ effect }) => effect === 'write');
          if (sent.length > 0) closes++;
          const ids = sent.flatMap(({ body }) => Body.parse(body).filters.id.eq);
          const named = result.isError
            ? []
            : [...new Set(membersIn(args.alert_ids, 'alert_ids'))].filter((id) => known.has(id));
          if (ids.join() !== named.join() || ids.length > 1_000)
            throw new Error(`closed ${ids} for ${JSON.stringify(args)}`);
        });
        await fc.assert(property, { numRuns: RUNS });
        expect(closes).toBeGreaterThan(RUNS / 200);
      },
      { environment: { MDCA_CALLS_PER_MINUTE: '1000000' } },
    ),
);

test.each(tools.map((tool) => [tool.name, tool] as const))(
  '%s: right arguments are accepted in every form',
  (_name, tool) => {
    const property = fc.property(rightArguments(tool), ({ strict, given }) => {
      expect(readOrRefuse(tool, given)).toEqual(tool.input.parse(strict));
    });
    fc.assert(property, { numRuns: RUNS / 20 });
  },
);

/** What a close may say: ids, a comment and a reason. */
const Body = z.strictObject({
  filters: z.strictObject({
    id: z.strictObject({
      eq: z
        .array(z.string().regex(/^[0-9a-f]{24}$/u))
        .min(1)
        .max(100),
    }),
  }),
  comment: z.string().optional(),
  reasonId: z.int().optional(),
});
