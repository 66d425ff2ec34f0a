import { expect, test } from 'vitest';
import type { Check } from './suite.ts';
import { problemsOf } from './verdict.ts';

const run = (status: string) => {
  const check = { id: 'pong', status: status as Check['status'], errorMessage: 'no answer' };
  return [{ version: '0.1.0', revision: '2025-11-25', scenarios: { ping: [check] } }];
};
const nothing = { notApplicable: {}, remarks: {} };

test.each([
  ['a failure', 'FAILURE', nothing, '2025-11-25 by 0.1.0: ping pong: no answer'],
  ['a warning without a remark', 'WARNING', nothing, 'ping pong neither passes nor fails, and nothing says why.'],
  ['a skipped check without a remark', 'SKIPPED', nothing, 'ping pong neither passes nor fails, and nothing says why.'],
  [
    'a remark about what passes',
    'SUCCESS',
    { ...nothing, remarks: { 'ping pong': 'why' } },
    'ping pong has a remark, but passes or is not made.',
  ],
  [
    'a reason for what passes',
    'SUCCESS',
    { ...nothing, notApplicable: { ping: 'why' } },
    'ping fails nowhere, but has a reason to.',
  ],
])('%s is a problem', (_what, status, reasons, problem) => {
  expect(problemsOf(run(status), reasons)).toEqual([problem]);
});

test.each([
  ['what passes', 'SUCCESS', nothing],
  ['a warning with a remark', 'WARNING', { ...nothing, remarks: { 'ping pong': 'why' } }],
  ['a failure of what does not apply', 'FAILURE', { ...nothing, notApplicable: { ping: 'why' } }],
])('%s is none', (_what, status, reasons) => {
  expect(problemsOf(run(status), reasons)).toEqual([]);
});
