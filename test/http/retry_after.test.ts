import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { pauseOf } from '../../src/http/retry_after.ts';
import { response } from './loopback.ts';

const NOW = Date.UTC(2026, 0, 15, 9, 0, 0);
const BODY = '{"detail":"Request was throttled. Expected available in 45 seconds."}';

const pause = (retryAfter?: string, body = '') =>
  pauseOf(response(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter }, body), NOW);

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

test.each(['', '{}', '<html>Too Many Requests</html>', `${' '.repeat(1000)}in 45 seconds`])(
  'without a time in header or body %j the pause is five seconds',
  (body) => {
    expect(pause(undefined, body)).toBe(5_000);
  },
);

test('whatever the service sends, the pause is at least a second', () => {
  fc.assert(
    fc.property(fc.option(fc.string(), { nil: undefined }), fc.string(), (header, body) => {
      expect(pause(header, body)).toBeGreaterThanOrEqual(1_000);
    }),
  );
});
