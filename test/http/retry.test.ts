import { afterEach, describe, expect, test, vi } from 'vitest';
import { type Code, Fault } from '../../src/core/errors.ts';
import type { Send, ServiceRequest, ServiceResponse } from '../../src/http/layers.ts';
import { createRetry } from '../../src/http/retry.ts';
import { request, response } from './loopback.ts';

type Outcome = ServiceResponse | Error;

/** Plays one outcome after the other, then repeats the last one; records each request. */
function play(...outcomes: readonly Outcome[]) {
  const seen: ServiceRequest[] = [];
  const send: Send = async (asked) => {
    const outcome = outcomes[Math.min(seen.length, outcomes.length - 1)] ?? response();
    seen.push(asked);
    if (outcome instanceof Error) throw outcome;
    return outcome;
  };
  return { seen, send };
}

/** A retry whose clock advances only in its pauses and by `pass`. */
function createClock() {
  let now = 1_000_000;
  const slept: number[] = [];
  const pass = (ms: number) => {
    now += ms;
  };
  const sleep = async (ms: number) => {
    slept.push(ms);
    pass(ms);
  };
  return { slept, pass, retry: createRetry(() => now, sleep) };
}

const fault = (code: Code) => new Fault(code, 'planted', { mayHaveHappened: true });
const throttled = (seconds: number) => response(429, { 'retry-after': String(seconds) });
const read = () => request({ effect: 'read' });
const write = () => request({ effect: 'write', method: 'POST', body: '{}' });

const TRANSIENT: readonly [string, Outcome][] = [
  ...[502, 503, 504].map((status): [string, Outcome] => [`HTTP ${status}`, response(status)]),
  ...(['timeout', 'connection_lost', 'unreachable'] as const).map((code): [string, Outcome] => [code, fault(code)]),
];

test('a read is not sent again where a repeat fails likewise', async () => {
  const refused = new Fault('unreachable', 'planted', { retry: 'no' });
  const { seen, send } = play(refused);
  const { retry } = createClock();
  await expect(retry(send)(read())).rejects.toBe(refused);
  expect(seen).toHaveLength(1);
});

describe.each(TRANSIENT)('after %s', (_name, outcome) => {
  const settled = (sent: Promise<ServiceResponse>) => sent.catch((error: unknown) => error);

  test('a read is sent again', async () => {
    const { seen, send } = play(outcome, response());
    const { retry } = createClock();
    await expect(retry(send)(read())).resolves.toEqual(response());
    expect(seen).toHaveLength(2);
  });

  test('a read is sent three times at most, and the last outcome stands', async () => {
    const { seen, send } = play(outcome);
    const { retry, slept } = createClock();
    expect(await settled(retry(send)(read()))).toBe(outcome);
    expect(seen).toHaveLength(3);
    const [first = 0, second = 0] = slept;
    expect(slept).toHaveLength(2);
    expect(first).toSatisfy((ms) => ms >= 300 && ms <= 600);
    expect(second).toSatisfy((ms) => ms >= 600 && ms <= 1200);
  });

  test('a write is never sent again', async () => {
    const { seen, send } = play(outcome, response());
    expect(await settled(createClock().retry(send)(write()))).toBe(outcome);
    expect(seen).toHaveLength(1);
  });
});

test('a read whose repeat the budget refuses ends with its first failure', async () => {
  const { seen, send } = play(response(503), fault('timeout'), fault('throttled'));
  await expect(createClock().retry(send)(read())).resolves.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(3);
});

describe('a failing read ends before the client gives up', () => {
  test('it is not repeated more than 20 s after its first failure', async () => {
    const { retry, pass } = createClock();
    const { seen, send } = play(fault('timeout'));
    const slow: Send = (asked) => {
      pass(19_500);
      return send(asked);
    };
    await expect(retry(slow)(read())).rejects.toMatchObject({ code: 'timeout' });
    expect(seen).toHaveLength(2);
  });

  test('a repeat has what is left of those 20 s, and a second at least', async () => {
    const { retry, pass } = createClock();
    const { seen, send } = play(response(503));
    const slow: Send = (asked) => {
      pass(9_000);
      return send(asked);
    };
    await retry(slow)(read());
    const [first, second, third] = seen.map(({ timeoutMs }) => timeoutMs);
    expect(first).toBeUndefined();
    expect(second).toSatisfy((ms) => ms >= 19_400 && ms <= 19_700);
    expect(third).toSatisfy((ms) => ms >= 9_200 && ms <= 10_100);
  });
});

describe.each([
  ['read', read],
  ['write', write],
])('after a 429 a %s', (_effect, ask) => {
  test('is sent again, and the pause is left to the budget', async () => {
    const { seen, send } = play(throttled(1), throttled(1), throttled(1), throttled(1), response());
    const { retry, slept } = createClock();
    await expect(retry(send)(ask())).resolves.toMatchObject({ status: 200 });
    expect(seen).toHaveLength(5);
    expect(slept).toEqual([]);
  });

  test('is sent five times at most', async () => {
    const { seen, send } = play(throttled(7));
    const sent = createClock().retry(send)(ask());
    await expect(sent).rejects.toMatchObject({ code: 'throttled', retryAfter: 7, mayHaveHappened: false });
    expect(seen).toHaveLength(5);
  });

  test('is given up at once when the pause is longer than a minute', async () => {
    const { seen, send } = play(throttled(61), response());
    const sent = createClock().retry(send)(ask());
    await expect(sent).rejects.toMatchObject({ code: 'throttled', retryAfter: 61 });
    expect(seen).toHaveLength(1);
  });

  test('waits for a pause of a minute', async () => {
    const { seen, send } = play(throttled(60), response());
    await expect(createClock().retry(send)(ask())).resolves.toMatchObject({ status: 200 });
    expect(seen).toHaveLength(2);
  });

  test('is given up when all pauses together are longer than a minute', async () => {
    const { retry, pass } = createClock();
    const { seen, send } = play(throttled(40), throttled(30), response());
    const waiting: Send = (asked) => {
      if (seen.length > 0) pass(40_000);
      return send(asked);
    };
    await expect(retry(waiting)(ask())).rejects.toMatchObject({ code: 'throttled', retryAfter: 30 });
    expect(seen).toHaveLength(2);
  });
});

test('a write that fails after a 429 is not sent a third time', async () => {
  const { seen, send } = play(throttled(1), response(503), response());
  await expect(createClock().retry(send)(write())).resolves.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(2);
});

test('throttling does not give a failing read more attempts', async () => {
  const outcomes = [response(503), throttled(1), response(503), throttled(1), response(503), response()];
  const { seen, send } = play(...outcomes);
  await expect(createClock().retry(send)(read())).resolves.toMatchObject({ status: 503 });
  expect(seen).toHaveLength(5);
});

test('all attempts are the same request with the same ticket', async () => {
  const { seen, send } = play(response(503), throttled(1), response());
  const asked = read();
  await createClock().retry(send)(asked);
  expect(seen).toHaveLength(3);
  for (const attempt of seen) {
    expect(attempt.ticket).toBe(asked.ticket);
    expect(attempt.signal).toBe(asked.signal);
    expect({ ...attempt, timeoutMs: 0 }).toEqual({ ...asked, timeoutMs: 0 });
  }
});

describe.each([
  ['read', read],
  ['write', write],
])('is final for a %s:', (_effect, ask) => {
  test.each([200, 204, 301, 400, 401, 403, 404, 405, 408, 409, 418, 500, 501])('HTTP %i', async (status) => {
    const answer = response(status, { 'x-own': '1' }, 'as it is');
    const { seen, send } = play(answer, response());
    await expect(createClock().retry(send)(ask())).resolves.toBe(answer);
    expect(seen).toHaveLength(1);
  });

  test.each<[string, Error]>([
    ...(['cancelled', 'too_large', 'throttled', 'unreadable', 'internal'] as const).map((code): [string, Error] => [
      code,
      fault(code),
    ]),
    ['an error that is no Fault', new TypeError('defect')],
  ])('%s', async (_name, error) => {
    const { seen, send } = play(error, response());
    await expect(createClock().retry(send)(ask())).rejects.toBe(error);
    expect(seen).toHaveLength(1);
  });
});

describe('cancellation', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('ends the pause before a repeat, and nothing more is sent', async () => {
    const { seen, send } = play(response(503));
    const cancel = new AbortController();
    vi.useFakeTimers();
    const ended = expect(createRetry()(send)(request({ signal: cancel.signal }))).rejects.toMatchObject({
      code: 'cancelled',
    });
    await vi.advanceTimersByTimeAsync(200);
    cancel.abort();
    await ended;
    expect(vi.getTimerCount()).toBe(0);
    expect(seen).toHaveLength(1);
  });

  test('while an attempt fails ends the call too', async () => {
    const { seen, send } = play(response(503), response());
    const cancel = new AbortController();
    vi.useFakeTimers();
    const failing: Send = (asked) => {
      cancel.abort();
      return send(asked);
    };
    const ended = createRetry()(failing)(request({ signal: cancel.signal })).catch((error: unknown) => error);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(await ended).toMatchObject({ code: 'cancelled' });
    expect(seen).toHaveLength(1);
  });
});

describe('in words', () => {
  test('a tenant that still refuses is told as such', async () => {
    const sent = createClock().retry(play(throttled(61)).send)(read());
    await expect(sent).rejects.toMatchObject({ detail: 'The tenant still refuses calls (HTTP 429).' });
  });

  test('a call that is cancelled in the pause before a repeat is told as such', async () => {
    const sent = createRetry()(play(response(503)).send)(request({ signal: AbortSignal.abort() }));
    await expect(sent).rejects.toMatchObject({ detail: 'The call was cancelled while it waited to be repeated.' });
  });
});

test('without another clock, time is that of the process', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const { seen, send } = play(response(503));
    const slow: Send = (asked) => {
      vi.advanceTimersByTime(19_900);
      return send(asked);
    };
    await createRetry(undefined, async () => {})(slow)(read());
    expect(seen).toHaveLength(2);
  } finally {
    vi.useRealTimers();
  }
});
