import { expect, test } from 'vitest';
import { toAlert, WireAlert } from '../../../src/defender/alerts/alert.ts';
import type { CurrentState } from '../../../src/defender/alerts/current_state.ts';
import { outcomeOf, outcomesAfter } from '../../../src/defender/alerts/outcomes.ts';

const alert = toAlert(WireAlert.parse({ _id: 'a' }), 'https://tenant.example');
const stateOf = (status: number | undefined): CurrentState => ({ status, readState: undefined, alert });

test.each([
  [0, 'not_closed'],
  [1, 'already_closed'],
  [5, 'already_closed'],
  [99, 'already_closed'],
  [-1, 'unknown'],
  [undefined, 'unknown'],
])('an alert whose status is %s counts as %s', (status, outcome) => {
  expect(outcomeOf(stateOf(status), true)).toBe(outcome);
  expect(outcomeOf(stateOf(status), false)).toBe(outcome);
});

test('an alert that is not there is not found only where everything was read', () => {
  expect(outcomeOf(undefined, true)).toBe('not_found');
  expect(outcomeOf(undefined, false)).toBe('unknown');
});

test('after a close, what has a state that it leads to is closed; all else is what it is', () => {
  const byId = new Map(
    [4, 6, 0, 3, -1, undefined].map((status, n): [string, CurrentState] => [`${n}`, stateOf(status)]),
  );
  const afterClose = (complete: boolean) =>
    Object.fromEntries(outcomesAfter([...byId.keys(), 'x'], { byId, complete }, [4, 6]));
  expect(afterClose(true)).toEqual({
    0: 'closed',
    1: 'closed',
    2: 'not_closed',
    3: 'already_closed',
    4: 'unknown',
    5: 'unknown',
    x: 'not_found',
  });
  expect(afterClose(false)).toMatchObject({ 0: 'closed', x: 'unknown' });
});

test.each([
  [[1, 3], true, 'not_found'],
  [[1, 3], false, 'unknown'],
])('an alert that is not there is never closed, whatever a close leads to (%j)', (becomes, complete, outcome) => {
  expect(outcomesAfter(['a'], { byId: new Map(), complete }, becomes).get('a')).toBe(outcome);
});
