import { expect, test } from 'vitest';
import { recheck, statesOf } from '../../src/tool/plan.ts';
import { planOf, targetOf } from '../writes/parts.ts';

const approved = statesOf(planOf([targetOf('a', 'open low'), targetOf('b', 'open low'), targetOf('c', 'open low')]));

test('a plan that is still what was approved stays whole', () => {
  const now = planOf([targetOf('a', 'open low'), targetOf('b', 'open low'), targetOf('c', 'open low')]);
  expect(recheck(approved, now)).toEqual({ plan: now, changed: undefined });
});

test('what changed, closed or went is left out, and each is named with what it was and is', () => {
  const now = planOf([targetOf('a', 'open high')], { leftOut: [{ id: 'b', why: 'already closed' }] });
  const { plan, changed } = recheck(approved, now);
  expect(plan).toEqual({ ...now, targets: [] });
  expect(changed).toBe(
    'Left out, because changed since the plan: a was open low, now open high; ' +
      'b was open low, now already closed; c was open low, now gone.',
  );
});

test('what nobody approved is not slipped in, and is no change', () => {
  const now = planOf([...'abcd'].map((id) => targetOf(id, 'open low')));
  const { plan, changed } = recheck(approved, now);
  expect(plan.targets.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(changed).toBeUndefined();
});

test('the states of a plan are those of its targets', () => {
  expect([...statesOf(planOf([targetOf('a', 'x'), targetOf('b', 'y')], { leftOut: [{ id: 'c', why: 'z' }] }))]).toEqual(
    [
      ['a', 'x'],
      ['b', 'y'],
    ],
  );
});
