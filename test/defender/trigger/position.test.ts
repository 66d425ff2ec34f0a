import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { alertFeed } from '../../../src/defender/trigger/alert_feed.ts';
import type { FeedPage, FeedQuery } from '../../../src/defender/trigger/feed_page.ts';
import { waitForAlerts } from '../../../src/defender/trigger/wait.ts';
import { createClient } from '../../../src/http/client.ts';
import type { ServiceRequest } from '../../../src/http/layers.ts';
import { createRoutes } from '../../../src/http/undocumented_routes.ts';
import { createPoll } from '../../../src/watch/poll.ts';
import { response } from '../../http/loopback.ts';
import { createVirtualClock } from '../../watch/virtual_clock.ts';
import { type Arrival, arrivals, LATE, MINUTE, oldAlerts, START, type Step, shown, step } from './history.ts';

const GOOD: Step = {
  wait: 0,
  limit: 100,
  fails: false,
  restarts: false,
  look: 'full',
  ahead: 0,
  date: (now) => new Date(now).toUTCString(),
};

afterEach(() => void vi.restoreAllMocks());

/** A reader by the real poll, of a service and at a clock that do what each step says. */
function createReader(history: readonly Arrival[], sortsOddFirst: boolean) {
  const clock = createVirtualClock(START - 1);
  let current = GOOD;
  vi.spyOn(Date, 'now').mockImplementation(() => clock.now() + current.ahead);
  const send = async ({ body }: ServiceRequest) => {
    if (current.fails) return response(503);
    const { filters, sortDirection, skip, limit } = JSON.parse(body ?? '');
    const rank = ({ record }: Arrival) => {
      const time = typeof record.timestamp === 'number' ? record.timestamp : Date.parse(String(record.timestamp));
      return time > 1e12 ? time : sortsOddFirst ? 0 : 1e301;
    };
    const { gte = 0, lte = 1e301 } = filters.date ?? {};
    const passes = (each: Arrival) => rank(each) === 0 || (rank(each) >= gte && rank(each) <= lte);
    const there = history.filter((each) => each.visible <= clock.now() && passes(each));
    const sign = sortDirection === 'asc' ? 1 : -1;
    const rows = shown(
      current.look,
      there.toSorted((a, b) => sign * (rank(a) - rank(b))),
      clock.now(),
    );
    const data = rows.slice(skip, skip + limit).map(({ record }) => record);
    const date = current.date(clock.now());
    const headers: Record<string, string> = date === undefined ? {} : { date };
    return response(200, headers, JSON.stringify({ data, hasNext: skip + data.length < rows.length }));
  };
  const client = createClient({ origin: 'https://tenant.example', send, routes: createRoutes() });
  const open = () =>
    createPoll<FeedQuery, FeedPage>({
      clock,
      interval: MINUTE,
      read: (queries, context) => alertFeed.read(queries, client.reader({ ...context, progress: () => {} })),
    });
  const { signal } = new AbortController();
  const api = {
    ...client.reader({ signal, progress: () => {} }),
    signal,
    ending: new AbortController().signal,
    answerTokens: 0,
  };
  let poll = open();
  let cursor: string | undefined;
  const given: string[] = [];
  return {
    clock,
    given,
    /** @returns whether there are more */
    async take(next: Step): Promise<boolean> {
      current = next;
      if (next.restarts) poll = open();
      await clock.advance(next.wait);
      const answer = await waitForAlerts(api, { cursor, limit: next.limit, wait_seconds: 0 }, poll).catch((error) => {
        if (!next.fails) throw error;
      });
      if (!answer) return true;
      cursor = answer.cursor;
      given.push(...answer.alerts.map(({ ProviderAlertId }) => ProviderAlertId));
      return answer.has_more;
    },
  };
}

const idsOf = (alerts: readonly Arrival[]) => alerts.map(({ record }) => record._id);

test('a reader is given each alert once, over 2,000 histories of alerts, looks and clocks', async () => {
  const actions = fc.array(step, { maxLength: 16 });
  await fc.assert(
    fc.asyncProperty(oldAlerts, arrivals, step, actions, fc.boolean(), async (old, added, first, next, oddFirst) => {
      const { clock, given, take } = createReader([...old, ...added], oddFirst);
      await take({ ...first, wait: 0, fails: false });
      let badSince = Number.POSITIVE_INFINITY;
      for (const action of next) {
        // No alert is missing from every look for longer than is promised.
        const isGood = action.look === 'full' || clock.now() + action.wait - badSince >= LATE;
        await take(isGood ? { ...action, look: 'full', fails: false } : action);
        badSince = isGood ? Number.POSITIVE_INFINITY : Math.min(badSince, clock.now());
      }
      await clock.advance(48 * 60 * MINUTE);
      while (await take(GOOD));
      // A reader may take for new what its first looks lacked.
      const mayComeToo = first.look === 'full' ? [] : idsOf(old).filter((id) => given.includes(id));
      expect(given.toSorted()).toEqual([...idsOf(added), ...mayComeToo].toSorted());
    }),
    { numRuns: 2_000 },
  );
}, 120_000);

test('an alert is given that looks lack for nearly ten minutes, although the service tells its time in whole seconds', async () => {
  const arrival = (id: string, time: number, visible = time): Arrival => {
    return { visible, record: { _id: id.padStart(24, '0'), timestamp: time, severityValue: 1 } };
  };
  const firstLook = START + 40 * MINUTE + 999;
  const secondLook = firstLook + LATE - 1;
  const late = arrival('1', START + 14 * MINUTE, START + 24 * MINUTE);
  const history = [late, arrival('2', START + 25 * MINUTE), arrival('4', START + 45 * MINUTE)];
  const { clock, given, take } = createReader(history, false);
  // A shard lacks the alerts of odd ids.
  const lacking = { ...GOOD, look: 'shard' } as const;
  await take(GOOD);
  await take({ ...lacking, wait: firstLook - clock.now(), ahead: -11 * MINUTE });
  await take({ ...lacking, wait: secondLook - clock.now() });
  while (await take({ ...GOOD, wait: MINUTE }));
  expect(given.toSorted()).toEqual(idsOf(history).toSorted());
});
