import { describe, expect, test } from 'vitest';
import type { WriteTool } from '../../src/tool/tool.ts';
import { stateOf, textOf, withFixture } from '../fixture.ts';
import { WRITES } from '../samples.ts';
import { expectSentOnce } from '../writes/writing.ts';
import { environmentFor, expectCode, FAULTS, run } from './faults.ts';

describe.concurrent.each(WRITES)('%s, when the write itself meets', (_name, tool) => {
  test.each(FAULTS)('%s: sends it once, and reports no success', (_label, code, fault) =>
    withFixture(
      async (fixture) => {
        const before = stateOf(fixture);
        fixture.emulator.fault({ times: 0, ...fault, effect: 'write' });
        const result = await run(fixture, tool);
        expectSentOnce(fixture);
        expect(stateOf(fixture)).toEqual(before);
        if (result.isError) return expectCode(result, code, tool);
        expect(result.structuredContent?.status).not.toBe(await statusOfSuccess(tool));
      },
      { environment: environmentFor(fault, 4) },
    ),
  );

  /** Faults that leave open whether the service has carried the write out. */
  const unsure = FAULTS.filter(([, code]) => !['unauthorized', 'forbidden', 'not_found', 'throttled'].includes(code));
  test.each(unsure)(
    '%s after it was carried out: sends it once, and reports the state that was read back',
    (_label, _code, fault) =>
      withFixture(
        async (fixture) => {
          fixture.emulator.fault({ ...fault, applied: true, effect: 'write' });
          const result = await run(fixture, tool);
          expectSentOnce(fixture);
          expect(result.isError, textOf(result)).toBeFalsy();
          expect(result.structuredContent?.status).toBe(await statusOfSuccess(tool));
        },
        { environment: environmentFor(fault, 4) },
      ),
  );
});

const successes = new Map<string, unknown>();

/** The `status` of an answer when all went well. */
async function statusOfSuccess(tool: WriteTool): Promise<unknown> {
  if (!successes.has(tool.name)) {
    await withFixture(async (fixture) => {
      const result = await run(fixture, tool);
      successes.set(tool.name, result.structuredContent?.status);
    });
  }
  return successes.get(tool.name);
}
