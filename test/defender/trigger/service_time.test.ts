import { expect, test } from 'vitest';
import { serviceTime } from '../../../src/defender/trigger/service_time.ts';

const OURS = 1_767_600_000_000;
const HOUR = 3_600_000;
const dateAt = (time: number) => new Date(time).toUTCString();

test.each([0, -9 * HOUR, 9 * HOUR, 24 * HOUR, -9_000 * HOUR])(
  'is between ours and the whole second of a Date %i ms from it',
  (offset) => {
    const theirs = OURS + offset;
    expect(serviceTime(dateAt(theirs), OURS)).toEqual({
      earliest: Math.min(theirs, OURS),
      latest: Math.max(theirs + 999, OURS),
    });
  },
);

test.each([undefined, '', 'yesterday', dateAt(OURS + 24 * HOUR + 1000), dateAt(Date.UTC(2099, 0)), dateAt(0)])(
  'is unknown with the Date %j, but no later than ours',
  (date) => {
    expect(serviceTime(date, OURS)).toEqual({ earliest: 0, latest: OURS });
  },
);
