import { describe, expect, test } from 'vitest';
import { alertFeed } from '../../src/defender/trigger/alert_feed.ts';
import { createClient } from '../../src/http/client.ts';
import type { ServiceRequest } from '../../src/http/layers.ts';
import { createRoutes } from '../../src/http/undocumented_routes.ts';
import type { Source } from '../../src/tool/source.ts';
import { createWatcher } from '../../src/watch/watcher.ts';
import { response } from '../http/loopback.ts';
import { createVirtualClock } from './virtual_clock.ts';

const MINUTE = 60_000;
const never = new AbortController().signal;

function setUp() {
  const clock = createVirtualClock();
  const sent: ServiceRequest[] = [];
  const logged: string[] = [];
  const send = async (request: ServiceRequest) => {
    sent.push(request);
    return response(200, {}, '{"data":[],"hasNext":false}');
  };
  const note = (message: string, facts?: object) => void logged.push(`${message} ${JSON.stringify(facts)}`);
  const log = { debug: note, info: note, warn: note, error: note };
  const client = createClient({ origin: 'http://localhost', send, routes: createRoutes() });
  return { clock, sent, logged, pollOf: createWatcher({ client, log, interval: MINUTE, clock }) };
}

const failing: Source = {
  name: 'failing',
  read: async () => {
    throw new Error('a secret of the service');
  },
};

describe('the watcher', () => {
  test('gives a source one poll, whoever asks for it', () => {
    const { pollOf } = setUp();
    expect(pollOf(alertFeed)).toBe(pollOf(alertFeed));
    expect(pollOf(alertFeed)).not.toBe(pollOf(failing));
  });

  test('serves readers at different positions by one read that covers them all', async () => {
    const { clock, sent, pollOf } = setUp();
    const looks = Array.from({ length: 50 }, (_, n) =>
      pollOf(alertFeed).now({ since: n, count: 421, ties: false }, never),
    );
    await clock.advance(0);
    expect(await Promise.all(looks)).toEqual(looks.map(() => expect.objectContaining({ alerts: [], complete: true })));
    expect(sent).toHaveLength(1);
    expect(sent[0]).toMatchObject({ background: false });
  });

  test('marks a read for which nobody waits as background', async () => {
    const { clock, sent, pollOf } = setUp();
    pollOf(alertFeed).join({ since: 0, count: 1, ties: false }, () => {});
    await clock.advance(MINUTE);
    expect(sent.map(({ background }) => background)).toEqual([true]);
  });

  test('lets a failing source fail no other, and logs no message of the failure', async () => {
    const { clock, logged, pollOf } = setUp();
    const failed = expect(pollOf(failing).now('a', never)).rejects.toMatchObject({ code: 'internal' });
    const look = pollOf(alertFeed).now({ since: 0, count: 1, ties: false }, never);
    await Promise.all([failed, clock.advance(0)]);
    expect(await look).toMatchObject({ alerts: [], complete: true });
    expect(logged.filter((line) => line.startsWith('poll'))).toHaveLength(2);
  });
});
