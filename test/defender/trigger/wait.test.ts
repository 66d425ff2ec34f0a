import { afterEach, describe, expect, test, vi } from 'vitest';
import { alertFeed } from '../../../src/defender/trigger/alert_feed.ts';
import { waitForAlerts } from '../../../src/defender/trigger/wait.ts';
import { createClient } from '../../../src/http/client.ts';
import type { ServiceRequest } from '../../../src/http/layers.ts';
import { createRoutes } from '../../../src/http/undocumented_routes.ts';
import { createPoll } from '../../../src/watch/poll.ts';
import { response } from '../../http/loopback.ts';
import { createVirtualClock } from '../../watch/virtual_clock.ts';

afterEach(() => void vi.restoreAllMocks());

const ALL = { limit: 20, wait_seconds: 30 };

/** A wait by the real poll, at a service that answers some requests and leaves the later ones without an answer. */
function setUp(answers: number, hasNext: boolean) {
  const clock = createVirtualClock(Date.now());
  const asked: AbortSignal[] = [];
  const state = { rows: 100 };
  let count = 0;
  const send = ({ signal }: ServiceRequest) => {
    signal.throwIfAborted();
    asked.push(signal);
    const data = Array.from({ length: state.rows }, () => ({ _id: `${++count}`, timestamp: clock.now() }));
    if (asked.length <= answers) return Promise.resolve(response(200, {}, JSON.stringify({ data, hasNext })));
    return new Promise<never>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
  };
  const client = createClient({ origin: 'https://tenant.example', send, routes: createRoutes() });
  const poll = createPoll({
    clock,
    interval: 60_000,
    read: (queries: Parameters<typeof alertFeed.read>[0], context) =>
      alertFeed.read(queries, client.reader({ ...context, progress: () => {} })),
  });
  const cancel = new AbortController();
  const reader = client.reader({ signal: cancel.signal, progress: () => {} });
  const ending = new AbortController();
  const api = { ...reader, signal: cancel.signal, ending: ending.signal, answerTokens: 0 };
  return { clock, asked, state, poll, api, cancel, ending };
}

describe('when a first wait ends, so does the look for it, in the midst of its pages', () => {
  test('at the time limit', async () => {
    const { clock, asked, poll, api } = setUp(3, true);
    await expect(waitForAlerts(api, ALL, poll, 40)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(3_600_000);
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });

  test('at its cancellation', async () => {
    const { clock, asked, poll, api, cancel } = setUp(3, true);
    const waiting = waitForAlerts(api, ALL, poll);
    await expect.poll(() => asked.length).toBe(4);
    cancel.abort();
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    await clock.advance(3_600_000);
    expect(asked.map(({ aborted }) => aborted)).toEqual([true, true, true, true]);
  });
});

test('first waits at the same time share one look', async () => {
  const { asked, poll, api, cancel } = setUp(1, true);
  const waits = Array.from({ length: 20 }, () => waitForAlerts(api, ALL, poll).catch(() => {}));
  await expect.poll(() => asked.length).toBe(2);
  cancel.abort();
  await Promise.all(waits);
  expect(asked).toHaveLength(2);
});

test('a wait is answered at once when the server ends, and the next one goes on from there', async () => {
  const { asked, state, poll, api, ending } = setUp(9, false);
  state.rows = 0;
  const waiting = waitForAlerts(api, ALL, poll);
  await expect.poll(() => asked.length).toBe(3);
  ending.abort();
  const { alerts, cursor } = await waiting;
  expect(alerts).toEqual([]);
  state.rows = 1;
  const next = { ...api, ending: new AbortController().signal };
  expect((await waitForAlerts(next, { ...ALL, cursor, wait_seconds: 0 }, poll)).alerts).toHaveLength(1);
});

test('a wait goes on when our clock jumps', async () => {
  const { clock, asked, state, poll, api } = setUp(9, false);
  state.rows = 0;
  const waiting = waitForAlerts(api, ALL, poll);
  const jumped = Date.now() + 9 * 3_600_000;
  vi.spyOn(Date, 'now').mockReturnValue(jumped);
  await expect.poll(() => asked.length).toBe(3);
  state.rows = 1;
  await clock.advance(60_000);
  expect((await waiting).alerts).toHaveLength(1);
});
