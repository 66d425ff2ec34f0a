import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { missingFor, permissionsOfTool } from '../../src/entra/permissions.ts';
import { type Acquire, createTokens } from '../../src/entra/tokens.ts';
import { tools, withFixture } from '../fixture.ts';
import { argsFor } from '../samples.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'performance', 'setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

const HOUR_MS = 3_600_000;
const waiting = () => ({ signal: new AbortController().signal });

/** Tokens named by their number, each good for an hour unless `lifeMs` says otherwise. */
function tokensOf(acquire: Acquire = async () => ({ text: 'none', expiresAt: 0 }), lifeMs = HOUR_MS) {
  const asked: boolean[] = [];
  const issued: string[] = [];
  const counting: Acquire = async (isAttended, openUrl) => {
    asked.push(isAttended);
    if (asked.length > 1) await acquire(isAttended, openUrl);
    return { text: `token ${asked.length}`, expiresAt: Date.now() + lifeMs };
  };
  const tokens = createTokens(counting, { patienceMs: 45_000, onIssued: (token) => void issued.push(token) });
  return { tokens, asked, issued };
}

/** A token that a person has to confirm. */
function tokensOfPerson() {
  let confirm = () => {};
  const asked = new Promise<void>((resolve) => {
    confirm = resolve;
  });
  const acquire: Acquire = async () => asked.then(() => ({ text: 'confirmed', expiresAt: Date.now() + HOUR_MS }));
  const tokens = createTokens(acquire, { patienceMs: 45_000, onIssued: () => {} });
  return { tokens, confirm: () => confirm() };
}

test('a token is renewed five minutes before it ends, in the background, once', async () => {
  const { tokens, asked, issued } = tokensOf();
  expect(await Promise.all([tokens.get(waiting()), tokens.get(waiting())])).toEqual(['token 1', 'token 1']);
  vi.advanceTimersByTime(HOUR_MS - 300_001);
  expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true]);
  vi.advanceTimersByTime(1);
  expect(await Promise.all([tokens.get(waiting()), tokens.get(waiting())])).toEqual(['token 1', 'token 1']);
  expect(await tokens.get(waiting())).toBe('token 2');
  expect(asked).toEqual([true, false]);
  expect(issued).toEqual(['token 1', 'token 2']);
});

test('a token of a short life is renewed when three quarters of it are over, and not used at its very end', async () => {
  const { tokens, asked } = tokensOf(undefined, 200_000);
  await tokens.get(waiting());
  vi.advanceTimersByTime(149_999);
  expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true]);
  vi.advanceTimersByTime(1);
  expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true, false]);
  await vi.waitFor(async () => expect(await tokens.get(waiting())).toBe('token 2'));
  vi.advanceTimersByTime(180_001);
  expect(await tokens.get(waiting())).toBe('token 3');
  expect(asked).toEqual([true, false, true]);
});

test.each([-1, 1])('a clock that is set by %i years ends no token, and prolongs none', async (years) => {
  const { tokens, asked } = tokensOf();
  await tokens.get(waiting());
  vi.setSystemTime(Date.now() + years * 365 * 24 * HOUR_MS);
  for (let call = 0; call < 3; call++) expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true]);
  vi.advanceTimersByTime(HOUR_MS - 29_999);
  expect(await tokens.get(waiting())).toBe('token 2');
  expect(asked).toEqual([true, true]);
});

test.each([0, 1, Number.NaN])('a token that is good for %s ms is used for a minute at most', async (lifeMs) => {
  const { tokens, asked } = tokensOf(undefined, lifeMs);
  const old = await tokens.get(waiting());
  vi.advanceTimersByTime(44_999);
  expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true]);
  vi.advanceTimersByTime(15_002);
  expect(await tokens.get(waiting())).toBe('token 2');
  expect(await tokens.renew(old, waiting())).toBe('token 2');
});

test('a failed renewal is tried again after 30 s while the token is good, and tells why when it is not', async () => {
  const { tokens, asked } = tokensOf(() => Promise.reject(new Error('planted')));
  await tokens.get(waiting());
  vi.advanceTimersByTime(HOUR_MS - 300_000);
  for (let call = 0; call < 5; call++) expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true, false]);
  vi.advanceTimersByTime(30_000);
  expect(await tokens.get(waiting())).toBe('token 1');
  expect(asked).toEqual([true, false, false]);
  vi.advanceTimersByTime(240_000);
  await expect(tokens.get(waiting())).rejects.toThrow('planted');
});

test('calls whose token was refused share one renewal, and one that comes late takes the new token', async () => {
  const { tokens, asked } = tokensOf(async () => ({ text: '', expiresAt: 0 }));
  const old = await tokens.get(waiting());
  const renewed = await Promise.all([tokens.renew(old, waiting()), tokens.renew(old, waiting())]);
  expect(renewed).toEqual(['token 2', 'token 2']);
  expect(await tokens.renew(old, waiting())).toBe('token 2');
  expect(asked).toHaveLength(2);
});

test('a call that is cancelled, or for which a person is too slow, gives up alone', async () => {
  const { tokens, confirm } = tokensOfPerson();
  const leaving = new AbortController();
  const left = tokens.get({ signal: leaving.signal });
  const slow = tokens.get(waiting());
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  await expect(tokens.get({ signal: leaving.signal })).rejects.toMatchObject({ code: 'cancelled' });
  vi.advanceTimersByTime(45_000);
  await expect(slow).rejects.toMatchObject({ code: 'sign_in_failed', retry: 'later' });
  const next = tokens.get(waiting());
  confirm();
  expect(await next).toBe('confirmed');
});

test('check waits for a person for as long as its own signal lasts', async () => {
  const { tokens, confirm } = tokensOfPerson();
  const leaving = new AbortController();
  const left = tokens.get({ signal: leaving.signal, untilSignal: true });
  const check = tokens.get({ ...waiting(), untilSignal: true });
  vi.advanceTimersByTime(800_000);
  leaving.abort();
  await expect(left).rejects.toMatchObject({ code: 'cancelled' });
  confirm();
  expect(await check).toBe('confirmed');
});

test('each permission that a tool is said to need covers all that the tool asks of the service', async () => {
  vi.useRealTimers();
  await withFixture(async ({ call, emulator }) => {
    for (const { name } of tools) {
      const before = emulator.requests.length;
      await call(name, argsFor(name));
      const routes = emulator.requests.slice(before).map(({ path }) => path);
      expect(routes.length, name).toBeGreaterThan(0);
      for (const permission of permissionsOfTool(name) ?? []) {
        const refused = routes.filter((route) => missingFor({ route }, [permission]));
        expect(refused, `${name} with ${permission}: a row of src/entra/permissions.ts`).toEqual([]);
      }
    }
  });
}, 30_000);
