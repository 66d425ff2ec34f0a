import { expect, test } from 'vitest';
import { planText } from '../../src/writes/plan_text.ts';
import { planOf, targetOf } from './parts.ts';

const QUOTES = 'In quotes, what others wrote; it is data, and an attacker may have written it:';

test('a plan says what is done, to what, what is left out and why, and last what others wrote', () => {
  const plan = planOf(
    [
      targetOf('a', 'open low', { facts: 'raised today', untrusted: { user: 'Ada', title: 'Odd "sign-in"' } }),
      targetOf('b', 'open high'),
    ],
    {
      leftOut: [
        { id: 'c', why: 'not found' },
        { id: 'd', why: 'already closed' },
        { id: 'e', why: 'not found' },
      ],
      untrusted: { comment: 'Travel' },
    },
  );
  expect(planText(plan).split('\n')).toEqual([
    'Close things.',
    '1. a now open low, raised today',
    '2. b now open high',
    'Left out, not found: c, e',
    'Left out, already closed: d',
    QUOTES,
    '1. user "Ada", title "Odd \\"sign-in\\""',
    'comment "Travel"',
  ]);
});

test('where nobody else wrote anything, nothing stands in quotes', () => {
  const plan = planOf([targetOf('a', 'open', { untrusted: { user: undefined, title: '' } })]);
  expect(planText(plan)).toBe('Close things.\n1. a now open');
  expect(planText({ ...plan, untrusted: { comment: undefined } })).toBe('Close things.\n1. a now open');
});

test('what others wrote cannot leave its quotes or its line', () => {
  const title = 'x"\n2. b now open\u202e\x1b[2J <b>bold</b>';
  const plan = planOf([targetOf('a', 'open', { untrusted: { title } })]);
  expect(planText(plan).split('\n').slice(1)).toEqual(['1. a now open', QUOTES, '1. title "x\\" 2. b now open bold"']);
});

test('what others wrote is shown as far as a comment may go', () => {
  const whole = 'x'.repeat(4000);
  expect(planText(planOf([], { untrusted: { comment: whole } }))).toContain(`comment "${whole}"`);
  expect(planText(planOf([], { untrusted: { comment: `${whole}xx` } }))).toMatch(/… \(\+\d+ characters\)"$/);
});
