import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { type CodeStore, createLocalStore, type IssuedCode } from '../../src/writes/code_store.ts';
import { type CodedCall, createCodes } from '../../src/writes/confirmation_codes.ts';
import { planOf, targetOf } from './parts.ts';

const TENANT = 'https://tenant.example';
const CALL: CodedCall = {
  tool: 'mdca_close',
  caller: '',
  session: 's1',
  input: { ids: ['a', 'b'], comment: 'Travel' },
};
const PLAN = planOf([targetOf('a', 'open low'), targetOf('b', 'open high')]);
const VALID_MS = 5 * 60_000;

const refusalOf = async (redeeming: Promise<unknown>): Promise<string> => {
  const error = await redeeming.then(
    () => 'it was accepted',
    (error: unknown) => error,
  );
  if (!(error instanceof Fault)) return String(error);
  expect(error.code).toBe('confirm_refused');
  return error.detail;
};

/** Codes whose time stands still until it is set. */
function createStill(store: CodeStore = createLocalStore()) {
  const clock = { now: 1_000 };
  return { clock, codes: createCodes({ tenant: TENANT, store, now: () => clock.now }) };
}

describe('a code', () => {
  test('brings back the state of each target as it was in the plan', async () => {
    const { codes } = createStill();
    const { states } = await codes.redeem(await codes.issue(CALL, PLAN), CALL);
    expect([...states]).toEqual([
      ['a', 'open low'],
      ['b', 'open high'],
    ]);
  });

  test('is another one each time, and says nothing of the call', async () => {
    const { codes } = createStill();
    const [one, other] = [await codes.issue(CALL, PLAN), await codes.issue(CALL, PLAN)];
    expect(one).not.toBe(other);
    expect(one).toMatch(/^[\w-]{12}\.[\w-]{20}$/);
  });

  test('is good once', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    await codes.redeem(code, CALL);
    expect(await refusalOf(codes.redeem(code, CALL))).toBe('confirm: it has been used before.');
  });

  test('of two calls at the same time is good for one', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    const settled = await Promise.allSettled([codes.redeem(code, CALL), codes.redeem(code, CALL)]);
    expect(settled.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('that is given back is good once more', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    await (await codes.redeem(code, CALL)).giveBack();
    await codes.redeem(code, CALL);
    expect(await refusalOf(codes.redeem(code, CALL))).toMatch(/used before/);
  });

  test('that is refused is not used up', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    await refusalOf(codes.redeem(code, { ...CALL, session: 's2' }));
    await refusalOf(codes.redeem(`${code}x`, CALL));
    await expect(codes.redeem(code, CALL)).resolves.toBeDefined();
  });

  test('stands until five minutes are over, and not at their end', async () => {
    const { codes, clock } = createStill();
    const code = await codes.issue(CALL, PLAN);
    clock.now += VALID_MS;
    const expired = 'confirm: it has expired; a code stands for 5 minutes.';
    expect(await refusalOf(codes.redeem(code, CALL))).toBe(expired);
    clock.now -= 1;
    await expect(codes.redeem(code, CALL)).resolves.toBeDefined();
  });

  test('lives by the clock of the machine unless it is given another', async () => {
    let kept: IssuedCode | undefined;
    const store: CodeStore = {
      ...createLocalStore(),
      async put(_nonce, code) {
        kept = code;
      },
    };
    const before = Date.now();
    await createCodes({ tenant: TENANT, store }).issue(CALL, PLAN);
    expect(kept?.until).toBeGreaterThanOrEqual(before + VALID_MS);
    expect(kept?.until).toBeLessThanOrEqual(Date.now() + VALID_MS);
  });
});

describe('a code is bound', () => {
  const STRANGE = 'confirm: it is not one that this server has given out, or is long past.';
  const ALTERED = 'confirm: it has been altered.';

  test.each([
    ['nothing', () => '', STRANGE],
    ['a word', () => 'yes', STRANGE],
    ['only the second part', (code: string) => code.slice(code.indexOf('.')), STRANGE],
    ['only the first part', (code: string) => code.split('.', 1).join(''), ALTERED],
    ['no signature', (code: string) => `${code.split('.', 1).join('')}.`, ALTERED],
    ['a character more', (code: string) => `${code}A`, ALTERED],
    ['a part more', (code: string) => `${code}.A`, ALTERED],
    ['a character less', (code: string) => code.slice(0, -1), ALTERED],
    ['another last character', (code: string) => code.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')), ALTERED],
    ['upper case', (code: string) => code.replace(/\..*/, (mac) => mac.toUpperCase()), ALTERED],
  ])('to itself: %s in its place is refused', async (_what, alter, why) => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    expect(await refusalOf(codes.redeem(alter(code), CALL))).toBe(why);
  });

  test('to its own signature: that of another code is refused', async () => {
    const { codes } = createStill();
    const [one, other] = [await codes.issue(CALL, PLAN), await codes.issue(CALL, PLAN)];
    const mixed = `${one.split('.')[0]}.${other.split('.')[1]}`;
    expect(await refusalOf(codes.redeem(mixed, CALL))).toBe(ALTERED);
  });

  test('to what the store keeps: a kept plan, time, tool or argument that somebody changes is refused', async () => {
    const changes: Partial<IssuedCode>[] = [
      { states: new Map([['c', 'open']]) },
      { states: new Map([['a', 'open low']]) },
      { until: 2 ** 50 },
      { tool: 'mdca_other' },
      { session: 's2' },
      { input: { ids: ['a', 'c'], comment: 'Travel' } },
    ];
    for (const change of changes) {
      const store = createLocalStore();
      const forged: CodeStore = {
        ...store,
        async get(nonce) {
          const issued = await store.get(nonce);
          return issued && { ...issued, ...change };
        },
      };
      const { codes } = createStill(forged);
      const code = await codes.issue(CALL, PLAN);
      expect(await refusalOf(codes.redeem(code, { ...CALL, ...change })), JSON.stringify(change)).toBe(ALTERED);
    }
  });

  test('to its process: another one that shares the store refuses it', async () => {
    const store = createLocalStore();
    const code = await createStill(store).codes.issue(CALL, PLAN);
    expect(await refusalOf(createStill(store).codes.redeem(code, CALL))).toBe(ALTERED);
  });

  test('to its session', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    const other = { ...CALL, session: 's2' };
    expect(await refusalOf(codes.redeem(code, other))).toBe('confirm: it was given to another session.');
  });

  test('to its tool', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    const other = { ...CALL, tool: 'mdca_dismiss' };
    expect(await refusalOf(codes.redeem(code, other))).toBe('confirm: it was given for mdca_close.');
  });

  test('to its arguments', async () => {
    const { codes } = createStill();
    const code = await codes.issue(CALL, PLAN);
    const inputs = [
      [{ ids: ['a'], comment: 'Travel' }, 'ids'],
      [{ ids: ['b', 'a'], comment: 'Travel' }, 'ids'],
      [{ ids: ['a', 'b', 'c'], comment: 'Travel' }, 'ids'],
      [{ ids: ['a', 'b'], comment: 'travel' }, 'comment'],
      [{ ids: ['a', 'b'] }, 'comment'],
      [{ ids: ['a', 'b'], comment: 'Travel', reason: 'other' }, 'reason'],
      [{ ids: { 0: 'a', 1: 'b' }, comment: 'Travel' }, 'ids'],
      [{}, 'ids, comment'],
    ] as const;
    for (const [input, changed] of inputs) {
      const why = `confirm: it was given for other arguments (changed: ${changed}).`;
      expect(await refusalOf(codes.redeem(code, { ...CALL, input })), JSON.stringify(input)).toBe(why);
    }
  });
});

describe('the arguments that a code stands for', () => {
  const accepts = async (issued: CodedCall['input'], repeated: CodedCall['input']) => {
    const { codes } = createStill();
    const code = await codes.issue({ ...CALL, input: issued }, PLAN);
    return (await refusalOf(codes.redeem(code, { ...CALL, input: repeated }))) === 'it was accepted';
  };

  test('are the same in whatever order their members come, at every depth', async () => {
    const one = { a: 1, b: { c: [{ d: 1, e: 2 }], f: null, g: 'x' }, h: 3 };
    const other = { h: 3, b: { g: 'x', f: null, c: [{ e: 2, d: 1 }] }, a: 1 };
    expect(await accepts(one, other)).toBe(true);
    expect(await accepts(other, one)).toBe(true);
  });

  test.each<[string, CodedCall['input'], CodedCall['input']]>([
    ['the order of a list', { a: [1, 2] }, { a: [2, 1] }],
    ['a nested value', { a: { b: { c: 1 } } }, { a: { b: { c: 2 } } }],
    ['a nested member', { a: { b: 1 } }, { a: { c: 1 } }],
    ['nothing in place of null', { a: null }, {}],
    ['text in place of a number', { a: 1 }, { a: '1' }],
    ['an object in place of a list', { a: ['x'] }, { a: { 0: 'x' } }],
    ['swapped values', { a: 1, b: 2 }, { a: 2, b: 1 }],
  ])('are others with %s', async (_what, issued, repeated) => {
    expect(await accepts(issued, repeated)).toBe(false);
  });
});
