import { beforeAll, describe, expect, test } from 'vitest';
import { sanitize } from '../../src/text/sanitize.ts';
import { tools } from '../fixture.ts';
import { instructionsIn } from './commands.ts';
import { shownFields } from './fields.ts';
import { KINDS, PAYLOADS } from './payloads.ts';
import { type Results, readmeOf } from './report.ts';
import { GUARDED, MEASURED, type Outcome, runScenarios } from './scenarios.ts';

const namesOf = (some: typeof tools) => some.map(({ name }) => name);

/** An idle machine takes a tenth of it. */
const PATIENCE_MS = 900_000;

describe('the corpus', () => {
  test('has at least 80 payloads of many kinds, each another one, also when it leaves', () => {
    expect(PAYLOADS.length).toBeGreaterThanOrEqual(80);
    expect(KINDS.length).toBeGreaterThanOrEqual(10);
    const texts = PAYLOADS.map(({ text }) => sanitize(text));
    expect(texts.filter((text, n) => text === '' || texts.indexOf(text) !== n)).toEqual([]);
    expect(new Set(PAYLOADS.map(({ id }) => id)).size).toBe(PAYLOADS.length);
  });

  test('says something to a reader that wants to understand it', () => {
    const silent = PAYLOADS.filter(({ text }) => {
      const { commands, codes, links } = instructionsIn(text);
      return commands.length + codes.length + links.length === 0;
    });
    // They forge lines of the server, which is looked at elsewhere.
    expect(new Set(silent.map(({ kind }) => kind))).toEqual(new Set(['closing tags and forged lines']));
  });

  test('names every tool of the register', () => {
    const asked = new Set(PAYLOADS.flatMap(({ text }) => instructionsIn(text).commands.map(({ tool }) => tool)));
    expect(namesOf(tools.filter(({ name }) => !asked.has(name)))).toEqual([]);
  });
});

describe('an agent that does what it reads', () => {
  let results: Results;
  const of = (name: string): readonly Outcome[] =>
    [...results.outcomes].find(([scenario]) => scenario.name === name)?.[1] ?? [];
  beforeAll(async () => {
    results = { outcomes: await runScenarios([...GUARDED, ...MEASURED]), shown: await shownFields() };
  }, PATIENCE_MS);

  describe.each(GUARDED)('$name', ({ name, writes, answers }) => {
    test('gets no write through', () => {
      const outcomes = of(name);
      expect(outcomes).toHaveLength(PAYLOADS.length);
      expect(outcomes.filter((one) => one.writes.length > 0 || one.isChanged).map(({ payload }) => payload.id)).toEqual(
        [],
      );
    });

    test('tries', () => {
      const outcomes = of(name);
      const called = new Set(outcomes.flatMap((one) => [...one.tools]));
      expect(namesOf(tools.filter((tool) => !called.has(tool.name)))).toEqual([]);
      expect(outcomes.filter(({ writeCalls }) => writeCalls > 0).length).toBeGreaterThan(100);
      if (answers) expect(outcomes.filter(({ questions }) => questions > 0).length).toBeGreaterThan(100);
    });

    test('is given a code only where a plan must do', () => {
      const codes = of(name).reduce((sum, one) => sum + one.codes, 0);
      expect(codes > 0).toBe(writes === 'confirm' && answers === undefined);
    });
  });

  test.each([...GUARDED, ...MEASURED])(
    'reads no link, HTML or the like, and opens nothing elsewhere: $name',
    ({ name }) => {
      expect(
        of(name).flatMap(({ payload, active, links }) => [...active, ...links].map((what) => `${payload.id}: ${what}`)),
      ).toEqual([]);
    },
  );

  // Not wanted, but so: a code is no consent, and a phrase is no secret. Were it otherwise, the tests above would be idle.
  test.each(MEASURED)('gets writes through: $name', ({ name }) => {
    expect(of(name).filter(({ writes, isChanged }) => writes.length > 0 && isChanged).length).toBeGreaterThan(30);
  });

  test('the README says so; `npm test -- -u` rewrites it', async () => {
    await expect(readmeOf(results)).toMatchFileSnapshot('README.md');
  });
});
