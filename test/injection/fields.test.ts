import { beforeAll, describe, expect, test } from 'vitest';
import { tryFields } from './fields.ts';
import type { Findings } from './judge.ts';

/** An idle machine takes a tenth of it. */
const PATIENCE_MS = 900_000;

describe('every payload in every field of text, and in what the service and the agent say', () => {
  let found: Findings;
  beforeAll(async () => {
    found = await tryFields();
  }, PATIENCE_MS);

  test('is neither invisible nor a link, HTML or a fence when it leaves', () => {
    expect(found.active).toEqual([]);
    expect(found.texts).toBeGreaterThan(100_000);
  });

  test('forges no line, no number and no record of an answer, an error, a plan or a question', () => {
    expect(found.forged).toEqual([]);
  });

  test('stands in quotes, behind all facts, in a plan and a question', () => {
    expect(found.unquoted).toEqual([]);
  });

  test('cannot pass for another fact of its line', () => {
    expect(found.bare).toEqual([]);
  });
});
