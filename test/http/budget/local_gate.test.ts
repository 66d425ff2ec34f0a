import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLocalGate } from '../../../src/http/budget/local_gate.ts';
import { response } from '../loopback.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance', 'Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const throttled = (seconds: number) => response(429, { 'retry-after': String(seconds) });
/** A wait of so many ms, to one. */
const waiting = (ms: number) => ({ wait: expect.closeTo(ms, 0) });

type Gate = ReturnType<typeof createLocalGate>;

/** Takes a slot. @throws Error where there is none */
async function admitted(gate: Gate) {
  const admission = await gate.admit();
  if (!('slot' in admission)) throw new Error(`not admitted: ${JSON.stringify(admission)}`);
  return admission.slot;
}

/** Takes a slot as soon as the rate allows it, which a 429 has lowered. */
async function admittedSoon(gate: Gate) {
  const admission = await gate.admit();
  if ('slot' in admission) return admission.slot;
  if ('wait' in admission && admission.wait <= 3_000) vi.advanceTimersByTime(admission.wait);
  return admitted(gate);
}

const BLOCKED = { wait: Number.POSITIVE_INFINITY };

test('calls are admitted up to the limit, then when the slot of the first is free', async () => {
  const gate = createLocalGate(2);
  const first = await admitted(gate);
  await admitted(gate);
  expect(await gate.admit()).toEqual(BLOCKED);
  first.release(response());
  expect(await gate.admit()).toEqual(waiting(60_050));
});

test('a call that was given back leaves its slot and its token to another', async () => {
  const gate = createLocalGate(1);
  (await admitted(gate)).giveBack();
  await admitted(gate);
});

describe('a call that the service may not have counted yet', () => {
  test.each([
    ['without an answer', undefined],
    ['with HTTP 502 of a gateway', response(502)],
    ['with HTTP 504 of a gateway', response(504)],
  ])('%s keeps its slot four minutes longer', async (_name, answer) => {
    const gate = createLocalGate(1);
    (await admitted(gate)).release(answer);
    vi.advanceTimersByTime(240_000);
    expect(await gate.admit()).toEqual(waiting(60_050));
    vi.advanceTimersByTime(60_050);
    await admitted(gate);
  });

  test.each([500, 503])('is none with HTTP %i', async (status) => {
    const gate = createLocalGate(1);
    (await admitted(gate)).release(response(status));
    expect(await gate.admit()).toEqual(waiting(60_050));
  });

  test('is told to calls that would have to wait for its slot longer than for an answered one', async () => {
    const gate = createLocalGate(2);
    const slots = [await admitted(gate), await admitted(gate)];
    for (const slot of slots) slot.release(undefined);
    vi.advanceTimersByTime(239_999);
    const fault = { code: 'throttled', retryAfter: 61, detail: expect.stringMatching(/no answer hold .* 61 s\.$/) };
    expect(await gate.admit()).toMatchObject({ fault });
    vi.advanceTimersByTime(1);
    expect(await gate.admit()).toEqual(waiting(60_050));
  });

  test('leaves the other slots to others', async () => {
    const gate = createLocalGate(2);
    (await admitted(gate)).release(undefined);
    (await admitted(gate)).release(response());
    expect(await gate.admit()).toEqual(waiting(60_050));
  });
});

describe('after a 429', () => {
  /** The wait for the second call after the pause, which tells the rate. */
  const gapAfter = async (others: readonly (ReturnType<typeof response> | undefined)[]) => {
    const gate = createLocalGate(100);
    const refused = await admitted(gate);
    for (const other of others) (await admitted(gate)).release(other);
    refused.release(throttled(1));
    vi.advanceTimersByTime(1_000);
    (await admitted(gate)).release(response());
    return gate.admit();
  };

  test('no call is admitted before its pause is over', async () => {
    const gate = createLocalGate(100);
    (await admitted(gate)).release(throttled(7));
    expect(await gate.admit()).toEqual(waiting(7_000));
    vi.advanceTimersByTime(6_999);
    expect(await gate.admit()).toEqual(waiting(1));
    vi.advanceTimersByTime(1);
    await admitted(gate);
  });

  test.each([[[9, 3]], [[3, 9]]])('the longest of the pauses %j counts', async (pauses) => {
    const gate = createLocalGate(100);
    const slots = [await admitted(gate), await admitted(gate)];
    for (const [index, seconds] of pauses.entries()) slots[index]?.release(throttled(seconds));
    expect(await gate.admit()).toEqual(waiting(9_000));
  });

  test('the rate falls to what was accepted, whatever its status', async () => {
    const others = Array.from({ length: 30 }, (_, call) => response(call % 2 ? 200 : 404));
    // A rate of 30 is a burst of 6 and a refill of 24 a minute.
    expect(await gapAfter(others)).toEqual(waiting(60_000 / 24));
  });

  test('the rate is halved where nothing was accepted; a call without an answer was not', async () => {
    expect(await gapAfter([])).toEqual(waiting(60_000 / 40));
    expect(await gapAfter(Array.from({ length: 30 }, () => undefined))).toEqual(waiting(60_000 / 40));
  });

  test('a pause of a minute is waited out; a longer one is told at once', async () => {
    const gate = createLocalGate(100);
    (await admitted(gate)).release(throttled(60));
    expect(await gate.admit()).toEqual(waiting(60_000));
    const other = createLocalGate(100);
    (await admitted(other)).release(throttled(61.2));
    expect(await other.admit()).toMatchObject({
      fault: { code: 'throttled', detail: 'The tenant asked for a pause, which ends in 62 s.', retryAfter: 62 },
    });
    vi.advanceTimersByTime(61_200);
    await admitted(other);
  });
});

describe('the first call after a pause', () => {
  /** A gate right after a pause, and a call that left before the 429. */
  const afterPause = async () => {
    const gate = createLocalGate(100);
    const old = await admitted(gate);
    (await admitted(gate)).release(throttled(5));
    vi.advanceTimersByTime(5_000);
    return { gate, old, probe: await admitted(gate) };
  };

  test('goes alone: the others wait until it is answered, and for no time and no other answer', async () => {
    const { gate, old, probe } = await afterPause();
    expect(await gate.admit()).toEqual(BLOCKED);
    vi.advanceTimersByTime(120_000);
    old.release(response());
    expect(await gate.admit()).toEqual(BLOCKED);
    probe.release(response());
    await admittedSoon(gate);
    await admittedSoon(gate);
  });

  test.each<[string, (probe: Awaited<ReturnType<typeof admitted>>) => void]>([
    ['fails', (probe) => probe.release(undefined)],
    ['never leaves', (probe) => probe.giveBack()],
  ])('is followed by another one alone where it %s', async (_name, end) => {
    const { gate, probe } = await afterPause();
    end(probe);
    const next = await admittedSoon(gate);
    expect(await gate.admit()).toEqual(BLOCKED);
    next.release(response(500));
    await admittedSoon(gate);
    await admittedSoon(gate);
  });

  test('that gets a 429 starts the next pause, after which again one call goes alone', async () => {
    const { gate, probe } = await afterPause();
    probe.release(throttled(7));
    expect(await gate.admit()).toEqual(waiting(7_000));
    vi.advanceTimersByTime(60_000);
    await admitted(gate);
    expect(await gate.admit()).toEqual(BLOCKED);
  });

  test('is none any more where a late 429 begins another pause', async () => {
    const { gate, old, probe } = await afterPause();
    old.release(throttled(7));
    vi.advanceTimersByTime(7_000);
    const next = await admitted(gate);
    probe.release(response());
    expect(await gate.admit()).toEqual(BLOCKED);
    next.release(response());
    await admittedSoon(gate);
  });
});

test.each(['Wed, 21 Oct 2099 07:28:00 GMT', '9'.repeat(20)])(
  'a Retry-After of %s stops calls for a quarter of an hour, not for ever',
  async (retryAfter) => {
    const gate = createLocalGate(100);
    (await admitted(gate)).release(response(429, { 'retry-after': retryAfter }));
    expect(await gate.admit()).toMatchObject({ fault: { code: 'throttled', retryAfter: 900 } });
    vi.advanceTimersByTime(899_000);
    expect(await gate.admit()).toEqual(waiting(1_000));
    vi.advanceTimersByTime(1_000);
    const probe = await admitted(gate);
    expect(await gate.admit()).toEqual(BLOCKED);
    probe.release(response());
    await admittedSoon(gate);
  },
);
