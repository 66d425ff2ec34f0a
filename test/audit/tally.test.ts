import { describe, expect, test } from 'vitest';
import { createTally } from '../../src/audit/tally.ts';
import type { TrailLine } from '../../src/audit/trail_line.ts';

const [A, B] = ['0f8fad5b-d9cb-469f-a165-70867728950e', '7c9e6679-7425-40de-944b-e07fc1f90ae7'];
const line = (n: number, members: TrailLine['members']): TrailLine => ({ n, prev: '', hash: '', members });
const intent = (call: unknown, more: object = {}) => ({ event: 'intent', call, ...more });
const outcome = (call: unknown) => ({ event: 'outcome', call });

/** Takes lines as the first, second … of a file. */
function tallyOf(lines: readonly TrailLine['members'][], isContinued = false) {
  const tally = createTally();
  const problems = lines.map((members, index) => tally.take(line(index + 1, members), isContinued));
  return { problems, ...tally.soFar() };
}

describe('a tally', () => {
  test('begins with nothing', () => {
    expect(createTally().soFar()).toEqual({ intents: 0, outcomes: 0, carried: 0, open: [] });
  });

  test('matches outcomes with their intents, in whatever order they come', () => {
    expect(tallyOf([intent(A), intent(B), outcome(A)])).toMatchObject({
      problems: [undefined, undefined, undefined],
      intents: 2,
      outcomes: 1,
      carried: 0,
      open: [{ line: 2, call: B }],
    });
    expect(tallyOf([intent(A), outcome(A), intent(A), outcome(A)]).open).toEqual([]);
  });

  test.each([
    ['another event', { event: 'x', call: A }],
    ['no event', { call: A }],
    ['no call', { event: 'intent' }],
    ['a call that is no text', intent(7)],
    ['an outcome whose call is no text', outcome(null)],
  ])('refuses %s', (_what, members) => {
    expect(tallyOf([members])).toMatchObject({ problems: ['it is neither an intent nor an outcome'], intents: 0 });
  });

  test('refuses a second intent of an open call, and names the first', () => {
    expect(tallyOf([intent(B), intent(A), intent(A)])).toMatchObject({
      problems: [undefined, undefined, 'it repeats the intent of line 2'],
      intents: 2,
    });
  });

  test('refuses an outcome without an intent, unless that can be in an older file', () => {
    const problem = 'it is an outcome without an intent, or a second one';
    expect(tallyOf([outcome(A)])).toMatchObject({ problems: [problem], outcomes: 0, carried: 0 });
    expect(tallyOf([intent(A), outcome(A), outcome(A)]).problems).toEqual([undefined, undefined, problem]);
    expect(tallyOf([outcome(A), intent(B), outcome(B)], true)).toMatchObject({
      problems: [undefined, undefined, undefined],
      outcomes: 2,
      carried: 1,
    });
  });
});

describe('an open intent', () => {
  const openOf = (more: object, call: unknown = A) => tallyOf([intent(call, more)]).open[0];

  test('holds what the server writes', () => {
    const time = '2026-01-02T03:04:05.678Z';
    expect(openOf({ time, tool: 'mdca_resolve_alert', ids: ['1', '2'] })).toEqual({
      line: 1,
      time,
      tool: 'mdca_resolve_alert',
      call: A,
      ids: 2,
    });
  });

  test.each(['2026-01-02T03:04:05Z', '2026-01-02T03:04:05.123456789Z'])('may bear the time %s', (time) => {
    expect(openOf({ time })?.time).toBe(time);
  });

  test.each([
    7,
    'x2026-01-02T03:04:05Z',
    '2026-01-02T03:04:05Zx',
    '2026-01-02T03:04:05',
    '2026-01-02T03:04:05.Z',
    '2026-01-02T03:04:05.1234567890Z',
    '2026-1-02T03:04:05Z',
    '2026-01-02 03:04:05Z',
    '\u001b[2J',
  ])('does not bear the time %j', (time) => {
    expect(openOf({ time })?.time).toBeUndefined();
  });

  test('names a tool of up to 100 small letters, digits and underscores', () => {
    for (const tool of ['a', 'mdca_9', 'x'.repeat(100)]) expect(openOf({ tool })?.tool).toBe(tool);
    for (const tool of ['', 'A', 'a b', 'a\n', 'ä', 'x'.repeat(101), ['a']]) {
      expect(openOf({ tool })?.tool, JSON.stringify(tool)).toBeUndefined();
    }
  });

  test('names a call that is a UUID', () => {
    for (const call of [A, A?.toUpperCase()]) expect(openOf({}, call)?.call).toBe(call);
    for (const call of ['', `${A}0`, `0${A}`, A?.replaceAll('-', ''), '\u001b[2J']) {
      expect(openOf({}, call)?.call, call).toBeUndefined();
    }
  });

  test('counts ids of a list alone', () => {
    for (const ids of [undefined, null, 'abc', { length: 7 }]) expect(openOf({ ids })?.ids).toBe(0);
  });
});
