import { describe, expect, test } from 'vitest';
import { Fault } from '../../../src/core/errors.ts';
import { type ChunkResult, idsOf, outcomesOf, report, withOutcome } from '../../../src/defender/alerts/close_report.ts';
import type { Outcome } from '../../../src/defender/alerts/outcomes.ts';

const mapOf = (outcomes: Readonly<Record<string, Outcome>>) => new Map(Object.entries(outcomes));
const reportOf = (outcomes: Readonly<Record<string, Outcome>>, last: Omit<ChunkResult, 'outcomes'> = {}) =>
  report(mapOf(outcomes), { ...last, outcomes: mapOf(outcomes) });

const EACH = { a: 'closed', b: 'already_closed', c: 'not_found', d: 'not_closed', e: 'unknown' } as const;
const LATER = new Fault('unavailable', 'HTTP 503.');
const NEVER = new Fault('forbidden', 'HTTP 403.');
const UNSURE = new Fault('timeout', 'No answer.', { mayHaveHappened: true });

describe('a report', () => {
  test('has every alert in the list of its outcome', () => {
    expect(reportOf(EACH)).toEqual({
      status: 'partial',
      closed: 1,
      closed_ids: ['a'],
      already_closed: ['b'],
      not_found: ['c'],
      not_closed: ['d'],
      unknown: ['e'],
      warning: 'The ids in not_found are of no alert; mdca_get_open_alerts and mdca_list_alerts list alert ids.',
    });
  });

  test('gives its outcomes back', () => {
    expect(outcomesOf(reportOf(EACH))).toEqual(mapOf(EACH));
  });

  test.each<[string, Readonly<Record<string, Outcome>>, number | undefined]>([
    ['closed', { a: 'closed', b: 'closed' }, undefined],
    ['partial', { a: 'closed', b: 'not_closed' }, undefined],
    ['partial', { a: 'closed', b: 'unknown' }, undefined],
    ['partial', { a: 'closed', b: 'already_closed' }, undefined],
    ['unknown', { a: 'unknown', b: 'not_closed' }, undefined],
    ['unchanged', { a: 'already_closed', b: 'not_closed' }, undefined],
    ['unexpected', { a: 'closed', b: 'closed' }, 3],
    ['unexpected', { a: 'not_closed' }, 2],
  ])('is %s with %j', (status, outcomes, excess) => {
    expect(reportOf(outcomes, { excess })).toMatchObject({ status });
  });
});

describe('the warning', () => {
  const warningOf = (outcomes: Readonly<Record<string, Outcome>>, last: Omit<ChunkResult, 'outcomes'>) =>
    reportOf(outcomes, last).warning;

  test('is there only where something went wrong', () => {
    expect(warningOf({ a: 'closed', b: 'not_closed' }, {})).toBeUndefined();
  });

  test('of too many closed says what to do', () => {
    const told =
      'The service says it closed 7 alerts, but 1 of the named ones show it. ' +
      'It may have closed others: check the closed alerts in the portal now.';
    expect(warningOf({ a: 'closed' }, { excess: 7 })).toBe(told);
    expect(warningOf({ a: 'closed', b: 'not_closed' }, { excess: 7 })).toBe(`${told} Nothing further was sent.`);
  });

  test('of what could not be read back names the count and the failure', () => {
    const told =
      'The service says it closed 2, but reading them back failed (forbidden: HTTP 403.). ' +
      'Read them again before anything else.';
    const unread = { count: 2, readFault: NEVER };
    expect(warningOf({ a: 'unknown' }, { unread })).toBe(told);
    expect(warningOf({ a: 'unknown', b: 'not_closed' }, { unread })).toBe(`${told} Nothing further was sent.`);
  });

  test('of a failure says that nothing further was sent, and whether what is open can be closed by another call', () => {
    const open = { a: 'closed', b: 'not_closed' } as const;
    const again = 'The ids in not_closed can be closed by another call.';
    expect(warningOf(open, { problem: LATER })).toBe(`unavailable: HTTP 503. Nothing further was sent. ${again}`);
    expect(warningOf(open, { problem: NEVER })).toBe('forbidden: HTTP 403. Nothing further was sent.');
    expect(warningOf({ a: 'closed' }, { problem: LATER })).toBe('unavailable: HTTP 503.');
  });

  test('of a failure that may have done something says what the lists tell, where they tell all', () => {
    expect(warningOf({ a: 'closed' }, { problem: UNSURE })).toBe(
      'timeout: No answer. It was not repeated; the lists tell the state read afterwards.',
    );
    expect(warningOf({ a: 'closed', b: 'unknown' }, { problem: UNSURE })).toBe('timeout: No answer.');
  });

  test('looks for unknown states in the last call alone', () => {
    const last = { problem: UNSURE, outcomes: mapOf({ b: 'closed' }) };
    expect(report(mapOf({ a: 'unknown', b: 'closed' }), last).warning).toMatch(/It was not repeated/);
  });

  test('begins with what was left out on the way', () => {
    const changes = ['Left out: x.', 'Left out: y.'];
    const outcomes = mapOf({ a: 'closed' });
    expect(report(outcomes, { outcomes }, changes).warning).toBe('Left out: x. Left out: y.');
    expect(report(outcomes, { outcomes, problem: NEVER }, changes).warning).toBe(
      'Left out: x. Left out: y. forbidden: HTTP 403.',
    );
  });
});

test('ids go to one outcome, and come back from it', () => {
  const outcomes = withOutcome(['a', 'b'], 'closed');
  expect(outcomes).toEqual(mapOf({ a: 'closed', b: 'closed' }));
  expect(idsOf(mapOf(EACH), 'closed')).toEqual(['a']);
  expect(idsOf(outcomes, 'unknown')).toEqual([]);
});
