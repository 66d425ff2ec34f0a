import { afterEach, describe, expect, test, vi } from 'vitest';
import { parseTime } from '../../src/core/time.ts';

afterEach(() => vi.unstubAllEnvs());

const MOMENT = Date.UTC(2026, 2, 8, 2, 30);

/** In some of these zones half past two of that night does not exist, or is twice there on another. */
describe.each(['UTC', 'America/New_York', 'Asia/Kolkata', 'Pacific/Kiritimati'])('with TZ=%s', (zone) => {
  test.each([
    ['2026-03-08T02:30:00Z', MOMENT],
    ['2026-03-08T02:30:00', MOMENT],
    ['2026-03-08T02:30', MOMENT],
    ['2026-03-08 02:30:00', MOMENT],
    [' 2026-03-08T02:30:00 ', MOMENT],
    ['2026-03-08t02:30:00z', MOMENT],
    ['2026-03-08T02:30:00.000', MOMENT],
    ['2026-03-08T02:30:00.123', MOMENT + 123],
    ['2026-03-08T02:30:00.1234567Z', MOMENT + 123],
    ['2026-03-08T02:30:00,123456', MOMENT + 123],
    ['2026-03-08T03:30:00+01:00', MOMENT],
    ['2026-03-08T03:30:00+0100', MOMENT],
    ['2026-03-08T03:30:00 +01', MOMENT],
    ['2026-03-07T21:00:00-05:30', MOMENT],
    ['2026-03-08', Date.UTC(2026, 2, 8)],
    ['2028-02-29', Date.UTC(2028, 1, 29)],
    ['Sun, 08 Mar 2026 02:30:00 GMT', MOMENT],
    ['Sun, 08 Mar 2026 02:30:00 UTC', MOMENT],
    ['Sun, 08 Mar 2026 03:30:00 +0100', MOMENT],
    ['Sat, 07 Mar 2026 21:30:00 EST', MOMENT],
    ['Sun, 08 Mar 2026 02:30:00', MOMENT],
    ['Sunday, 08-Mar-26 02:30:00 GMT', MOMENT],
    ['Sun Mar  8 02:30:00 2026', MOMENT],
    ['3/8/2026 2:30:00 AM', MOMENT],
    ['03-08-2026 02:30', MOMENT],
  ])('%j is %i', (text, expected) => {
    vi.stubEnv('TZ', zone);
    expect(parseTime(text)).toBe(expected);
  });

  test.each(['', ' ', 'soon', '5', '-4', 'May 5', '2026', '2026-02-30', '2026-02-29T10:00', '2026-13-01', '2026-1-5'])(
    '%j is no time',
    (text) => {
      vi.stubEnv('TZ', zone);
      expect(parseTime(text)).toBeUndefined();
    },
  );

  test.each(['2026-03-08T25:00', '2026-03-08T02:60', '2026-03-08T', '2026-03-08T02', '2026-03-08T02:30+1', 'at 10:00'])(
    '%j is no time',
    (text) => {
      vi.stubEnv('TZ', zone);
      expect(parseTime(text)).toBeUndefined();
    },
  );
});
