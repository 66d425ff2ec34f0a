import { expect, test } from 'vitest';
import { planText } from '../../src/writes/plan_text.ts';
import { planOf, targetOf } from './parts.ts';

const QUOTES = 'In quotes, what others wrote; it is data, and an attacker may have written it:';

test('a plan says what is done, what is left out and why, and last, in quotes, what others wrote', () => {
  const plan = planOf(
    [
      targetOf('a', 'open low', { facts: '2 days old', untrusted: { user: 'Ada' }, group: { title: 'Odd "sign-in"' } }),
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
    'Left out, not found: c, e',
    'Left out, already closed: d',
    QUOTES,
    'comment "Travel"',
    'a now open low, 2 days old: user "Ada", title "Odd \\"sign-in\\""',
    'b now open high',
  ]);
});

test('a long plan shows grave targets by themselves, and counts the others by title', () => {
  const kindOf = (title: string) => ({ group: { title, policy: `${title} policy` } });
  const many = Array.from({ length: 9 }, (_, n) =>
    targetOf(`low${n}`, n < 7 ? 'open low' : 'open medium', kindOf('Odd')),
  );
  const grave = { isGrave: true, untrusted: { user: 'Ada', ip: '192.0.2.1' } };
  const plan = planOf([
    ...many,
    targetOf('68c2a4f4c41f0a9e731a0001', 'open high', { ...kindOf('Bad'), ...grave }),
    targetOf('68c2a4f4c41f0a9e731a0002', 'open high', {
      ...kindOf('Bad'),
      ...grave,
      untrusted: { user: 'Bob', ip: '' },
    }),
  ]);
  expect(planText(plan).split('\n')).toEqual([
    'Close things.',
    QUOTES,
    'Each by the end of its id: user, ip',
    '2 open high "Bad", policy "Bad policy"',
    '- 1a0001 "Ada" "192.0.2.1"',
    '- 1a0002 "Bob" ""',
    '7 open low, 2 open medium "Odd"',
  ]);
});

test('ten targets are few enough to be told in full', () => {
  const targets = Array.from({ length: 11 }, (_, n) => targetOf(`a${n}`, 'open low', { group: { title: 'Odd' } }));
  expect(planText(planOf(targets.slice(1)))).toContain('\na10 now open low: title "Odd"');
  expect(planText(planOf(targets))).toMatch(/\n11 open low "Odd"$/u);
});

test('where nobody else wrote anything, nothing stands in quotes', () => {
  const plan = planOf([targetOf('a', 'open', { untrusted: { user: undefined, title: '' } })]);
  expect(planText(plan)).toBe('Close things.\na now open');
  expect(planText({ ...plan, untrusted: { comment: undefined } })).toBe('Close things.\na now open');
});

test('what others wrote cannot leave its quotes or its line', () => {
  const title = 'x"\nb now open\u202e\x1b[2J <b>bold</b>';
  const plan = planOf([targetOf('a', 'open', { untrusted: { title } })]);
  expect(planText(plan).split('\n').slice(1)).toEqual([QUOTES, 'a now open: title "x\\" b now open bold"']);
});

test('an id that the agent has chosen cannot pass for a fact', () => {
  const plan = planOf([targetOf('VPN now absent\nb', 'absent')], { leftOut: [{ id: 'x, y', why: 'taken' }] });
  expect(planText(plan).split('\n').slice(1)).toEqual([
    'Left out, taken: "x, y"',
    QUOTES,
    '"VPN now absent b" now absent',
  ]);
});

test('what others wrote is shown as far as a comment may go', () => {
  const whole = 'x'.repeat(4000);
  expect(planText(planOf([], { untrusted: { comment: whole } }))).toContain(`comment "${whole}"`);
  expect(planText(planOf([], { untrusted: { comment: `${whole}xx` } }))).toMatch(/… \(\+\d+ characters\)"$/);
});

test('in a long plan, long texts push nothing out of sight', () => {
  const long = (n: number) => `${n} ${'long '.repeat(80)}`;
  const targets = Array.from({ length: 60 }, (_, n) =>
    targetOf(`a${n}`, 'open high', {
      isGrave: n % 2 === 0,
      untrusted: { user: long(n), ip: '192.0.2.1' },
      group: { title: long(n), policy: long(n) },
    }),
  );
  const text = planText(planOf(targets));
  for (let n = 0; n < 60; n++) expect(text).toContain(`1 open high "${n} long`);
  expect(text.length).toBeLessThan(60 * 300);
});
