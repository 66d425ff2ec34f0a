import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { pauseOf } from '../../src/http/retry_after.ts';
import { response } from './loopback.ts';

const NOW = Date.UTC(2026, 0, 15, 9, 0, 0);
const BODY = '{"detail":"Request was throttled. Expected available in 45 seconds."}';

const pause = (retryAfter?: string, body = '', date?: string) => {
  const headers = {
    ...(retryAfter !== undefined && { 'retry-after': retryAfter }),
    ...(date !== undefined && { date }),
  };
  return pauseOf(response(429, headers, body), NOW);
};

test.each([
  ['12', 12_000],
  [' 12 ', 12_000],
  ['1.5', 1_500],
  ['1.25', 1_250],
  ['90', 90_000],
  ['0', 1_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT', 30_000],
  ['Thu, 15 Jan 2026 08:59:30 GMT', 1_000],
  ['Thursday, 15-Jan-26 09:00:30 GMT', 30_000],
  // HTTP's oldest form names no zone, and is UTC too.
  ['Thu Jan 15 09:00:30 2026', 30_000],
])('Retry-After %j is a pause of %i ms', (header, ms) => {
  for (const zone of ['UTC', 'America/New_York', 'Asia/Kolkata']) {
    vi.stubEnv('TZ', zone);
    expect(pause(header, BODY)).toBe(ms);
  }
  vi.unstubAllEnvs();
});

test.each([
  [BODY, 45_000],
  ['{"detail":"Request was throttled. Expected available in 1 second."}', 1_000],
  ['Try again in 2.5 Seconds', 2_500],
  ['Try again in 2.25  seconds', 2_250],
  ['Try again in 3seconds', 3_000],
  ['0 seconds', 1_000],
])('without a readable header, the body %j is a pause of %i ms', (body, ms) => {
  expect(pause(undefined, body)).toBe(ms);
  expect(pause('soon', body)).toBe(ms);
});

test.each([
  ['Thu, 15 Jan 2026 18:00:30 GMT', 'Thu, 15 Jan 2026 18:00:00 GMT', 30_000],
  ['Thu, 15 Jan 2026 00:00:30 GMT', 'Thu, 15 Jan 2026 00:00:00 GMT', 30_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT', 'Thu, 15 Jan 2026 09:11:00 GMT', 1_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT', 'no date', 30_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT', '', 30_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT', 'Thu, 01 Jan 1970 00:00:00 GMT', 900_000],
  ['12', 'Thu, 15 Jan 2026 18:00:00 GMT', 12_000],
])('Retry-After %j of a reply with the Date %j is a pause of %i ms', (header, date, ms) => {
  expect(pause(header, BODY, date)).toBe(ms);
});

test.each(['Wed, 21 Oct 2099 07:28:00 GMT', 'Fri, 31 Dec 9999 23:59:59 GMT', '9'.repeat(20), '9'.repeat(400), '901'])(
  'Retry-After %j is a pause of 15 minutes',
  (header) => {
    expect(pause(header)).toBe(900_000);
    expect(pause(undefined, `Expected available in ${'9'.repeat(20)} seconds.`)).toBe(900_000);
  },
);

test.each([
  '-5',
  '-5.5',
  '+5',
  '1e3',
  '0x10',
  '1.',
  '.5',
  '5 6',
  '1.5.2',
  '',
  ' ',
  ',',
  'abc',
  'NaN',
  'Infinity',
  'Thu',
])('Retry-After %j cannot be read, so the body counts', (header) => {
  expect(pause(header, BODY)).toBe(45_000);
  expect(pause(header)).toBe(5_000);
});

test.each([
  ['12,30', 30_000],
  ['30, 12', 30_000],
  ['abc,12', 12_000],
  ['12,', 12_000],
  ['-5,7', 7_000],
  ['7,Thu, 15 Jan 2026 09:00:30 GMT', 30_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT,Thu, 15 Jan 2026 09:00:20 GMT', 30_000],
  ['Thu, 15 Jan 2026 09:00:30 GMT, 40', 40_000],
])('of the values %j of two headers the longest pause counts: %i ms', (header, ms) => {
  expect(pause(header, BODY)).toBe(ms);
});

test.each(['', '{}', '<html>Too Many Requests</html>', `${' '.repeat(1000)}in 45 seconds`])(
  'without a time in header or body %j the pause is five seconds',
  (body) => {
    expect(pause(undefined, body)).toBe(5_000);
  },
);

test('whatever the service sends, the pause is from a second to a quarter of an hour', () => {
  const header = fc.option(fc.oneof(fc.string(), fc.date().map(String), fc.integer().map(String)), { nil: undefined });
  fc.assert(
    fc.property(header, fc.string(), header, (retryAfter, body, date) => {
      const ms = pause(retryAfter, body, date);
      expect(ms >= 1_000 && ms <= 900_000).toBe(true);
    }),
  );
});
