import { describe, expect, test } from 'vitest';
import { tools, withFixture } from '../fixture.ts';
import { writesOf } from '../writes/writing.ts';
import { environmentFor, expectCode, FAULTS, run } from './faults.ts';

describe.concurrent.each(tools.map((tool) => [tool.name, tool] as const))('%s', (_name, tool) => {
  test.each(FAULTS)('answers %s with the code %s', (_label, code, fault) =>
    withFixture(
      async (fixture) => {
        fixture.emulator.fault({ times: 0, ...fault });
        const result = await run(fixture, tool);
        expectCode(result, code, tool);
        // A write may go on where a read fails: not every tenant serves the route that reads the tags of an app.
        expect(writesOf(fixture).length).toBeLessThanOrEqual(1);
      },
      { environment: environmentFor(fault, 1) },
    ),
  );
});
