import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { arrivals, START, type Step, shown, step } from '../defender/trigger/history.ts';
import { MINUTE, type Row, rowId, withListService } from './wait_service.ts';

const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const row = (n: number, timestamp: unknown): Row => ({ _id: rowId(n), timestamp });
const idsOf = (...rows: readonly Row[]) => rows.map(({ _id }) => _id).toSorted();

describe('in an empty tenant the next alert arrives', () => {
  test.each([
    ['whose clock is 11 minutes behind ours', -11 * MINUTE, undefined],
    ['whose clock is 9 hours behind ours', -9 * HOUR, undefined],
    ['whose clock is 9 hours ahead of ours', 9 * HOUR, undefined],
    ['that sends no Date', -9 * HOUR, () => undefined],
    ['whose Date is unreadable', -9 * HOUR, () => 'yesterday'],
    ['whose Date is empty', -9 * HOUR, () => ''],
    ['whose Date is of 1970', 0, () => new Date(0).toUTCString()],
    ['whose Date is of 2099', -9 * HOUR, () => new Date(Date.UTC(2099, 0)).toUTCString()],
    ['whose gateway is two hours ahead', 0, () => new Date(Date.now() + 2 * HOUR).toUTCString()],
  ])('of a service %s', (_what, offset, date) =>
    withListService(async ({ service, collect }) => {
      service.now = Date.now() + offset;
      if (date) service.date = date;
      expect(await collect()).toEqual([]);
      const next = row(1, service.now + 1000);
      service.rows.push(next);
      expect(await collect()).toEqual([next._id]);
      expect(await collect()).toEqual([]);
    }),
  );
});

describe('each alert arrives once', () => {
  test.each<[string, (rows: Row[]) => Row[]]>([
    ['is empty', () => []],
    ['lacks the newest', (rows) => rows.slice(0, -1)],
    ['lacks the oldest', (rows) => rows.slice(1)],
    ['lacks every other', (rows) => rows.filter((_, n) => n % 2 === 0)],
    ['is of an hour ago', (rows) => rows.filter(({ timestamp }) => Number(timestamp) < Date.now() - HOUR)],
    ['is in reverse', (rows) => rows.toReversed()],
  ])('although one look %s', (_what, show) =>
    withListService(async ({ service, collect }) => {
      const old = [1, 2, 3, 4].map((n) => row(n, service.now - n * MINUTE));
      service.rows = [...old];
      expect(await collect()).toEqual([]);
      const added = [11, 12, 13, 14].map((n) => row(n, service.now + n));
      service.rows.push(...added);
      const given = await collect();
      expect(given.toSorted()).toEqual(idsOf(...added));
      service.now += MINUTE;
      const last = row(21, service.now);
      service.rows.push(last);
      service.show = show;
      const meanwhile = await collect();
      service.show = (rows) => rows;
      expect([...meanwhile, ...(await collect())]).toEqual([last._id]);
      service.now += HOUR;
      expect(await collect()).toEqual([]);
    }),
  );

  test('although the first look lacks it, and shows one that is a quarter of an hour younger', () =>
    withListService(async ({ service, collect }) => {
      await collect();
      const [hidden, shown] = [row(1, service.now + MINUTE), row(2, service.now + 16 * MINUTE)];
      service.now += 17 * MINUTE;
      service.rows = [hidden, shown];
      service.show = (rows) => rows.filter((each) => each !== hidden);
      expect(await collect()).toEqual([shown._id]);
      service.show = (rows) => rows;
      expect(await collect()).toEqual([hidden._id]);
      expect(await collect()).toEqual([]);
    }));

  test('although the first look of a new reader is empty, and none from before it began', () =>
    withListService(async ({ service, collect }) => {
      service.rows = [row(1, service.now - MINUTE), row(2, service.now - DAY)];
      service.show = () => (service.asked.length === 1 ? [] : service.rows);
      expect(await collect()).toEqual([]);
      const next = row(3, service.now);
      service.rows.push(next);
      expect(await collect()).toEqual([next._id]);
    }));

  test('although it is raised while a new reader takes its first look', () =>
    withListService(async ({ service, collect }) => {
      service.rows = [row(1, service.now - MINUTE)];
      const next = row(2, service.now);
      service.before = () => {
        if (service.asked.length === 2) service.rows.push(next);
      };
      expect(await collect()).toEqual([next._id]);
      expect(await collect()).toEqual([]);
    }));

  test.each<[string, (now: number) => unknown]>([
    ['missing', () => undefined],
    ['null', () => null],
    ['0', () => 0],
    ['negative', () => -5],
    ['far below zero', () => -8.64e15],
    ['a fraction', (now) => now + 0.5],
    ['a number as text', (now) => String(now)],
    ['an ISO date', (now) => new Date(now).toISOString()],
    ['text', () => 'soon'],
    ['empty text', () => ''],
    ['in seconds', (now) => Math.floor(now / 1000)],
    ['in microseconds', (now) => now * 1000],
    ['a month ahead', (now) => now + 30 * DAY],
    ['in the year 20000', () => 5.7e14],
    ['the last that a Date can hold', () => 8.64e15],
    ['beyond that', () => 1e300],
    ['a list', () => [1]],
    ['an object', () => ({})],
    ['true', () => true],
  ])('although its time is %s', (_what, time) =>
    withListService(async ({ service, collect }) => {
      // Shown whatever the filter says, so that it can be seen at all.
      const odd = { 0: row(1, time(service.now)), 1: row(2, time(service.now)) };
      service.rows = [row(3, service.now - MINUTE)];
      service.show = (rows) => [...new Set([...rows, odd[0], ...(service.rows.includes(odd[1]) ? [odd[1]] : [])])];
      expect(await collect()).toEqual([]);
      service.rows.push(odd[1]);
      expect(await collect()).toEqual([odd[1]._id]);
      for (let hours = 1; hours <= 3; hours++) {
        service.now += HOUR;
        const next = row(10 + hours, service.now);
        service.rows.push(next);
        expect(await collect()).toEqual([next._id]);
        expect(await collect()).toEqual([]);
      }
    }),
  );

  test.each([
    ['15,000 in one minute', 15_000, 4],
    ['2,500 in one moment', 2_500, 0],
  ])('of %s, by a cursor that stays short', (_what, length, apart) =>
    withListService(async ({ service, wait }) => {
      let { cursor } = await wait();
      service.rows = Array.from({ length }, (_, n) => row(n, service.now + n * apart));
      service.now += MINUTE;
      const given: string[] = [];
      for (let has_more = true; has_more; ) {
        const arrived = await wait({ cursor, limit: 100 });
        given.push(...arrived.alerts.map(({ ProviderAlertId }) => ProviderAlertId));
        ({ cursor, has_more } = arrived);
        expect(cursor.length).toBeLessThan(10_000);
      }
      expect(given.toSorted()).toEqual(idsOf(...service.rows));
      const next = row(20_000, service.now);
      service.rows.push(next);
      expect((await wait({ cursor })).alerts).toMatchObject([{ ProviderAlertId: next._id }]);
    }),
  );
});

test('each alert arrives once over 40 histories of alerts and looks', () =>
  withListService(async ({ service, wait }) => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.array(step, { maxLength: 8 }), async (history, actions) => {
        service.now = START - 1;
        service.rows = [];
        let cursor: string | undefined;
        const given: string[] = [];
        const take = async (limit: number) => {
          const arrived = await wait({ limit, ...(cursor !== undefined && { cursor }) });
          given.push(...arrived.alerts.map(({ ProviderAlertId }) => ProviderAlertId));
          cursor = arrived.cursor;
          return arrived.has_more;
        };
        const show = (look: Step['look']) => {
          const there = history.filter(({ visible }) => visible <= service.now);
          service.rows = shown(look, there, service.now).map(({ record }) => record);
        };
        await take(20);
        for (const { wait: ms, look, limit, date } of actions) {
          service.now += ms;
          service.date = () => date(service.now);
          show(look);
          await take(limit);
        }
        service.now += 48 * HOUR;
        show('full');
        while (await take(100));
        expect(given.toSorted()).toEqual(history.map(({ record }) => record._id).toSorted());
      }),
      { numRuns: 20 },
    );
  }));

describe('a subscriber', () => {
  const OPEN = 'mdca://alerts/open';

  test('is told nothing of an empty look, and of an empty list when a second look finds it empty', () =>
    withListService(
      async ({ service, client }) => {
        const heard: string[] = [];
        client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params: { uri } }) => void heard.push(uri));
        const looks = async (count: number) => {
          const until = service.asked.length + count;
          await expect.poll(() => service.asked.length).toBe(until);
        };
        service.rows = [row(1, service.now), row(2, service.now)];
        await client.subscribeResource({ uri: OPEN });
        service.show = () => [];
        await looks(1);
        service.show = (rows) => rows;
        await looks(1);
        service.rows = [];
        await looks(1);
        expect(heard).toEqual([]);
        await expect.poll(() => heard).toEqual([OPEN]);
      },
      { MDCA_POLL_SECONDS: '5' },
    ));
});
