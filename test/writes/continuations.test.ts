import { describe, expect, test } from 'vitest';
import { type ContinuationsOptions, createContinuations } from '../../src/writes/continuations.ts';
import { createLocalQuestions } from '../../src/writes/open_questions.ts';

const CALL = { tool: 'mdca_close', caller: 'soc', input: { ids: ['a', 'b'], comment: 'x' } };
const ASKED = {
  phrase: 'close 2',
  states: new Map([
    ['a', 'open low'],
    ['b', 'open high'],
  ]),
};
const KEY = Buffer.alloc(32, 7);

function setUp(options: Partial<ContinuationsOptions> = {}) {
  let time = 1_000_000;
  const now = () => time;
  const questions = createLocalQuestions(now);
  const another = (more: Partial<ContinuationsOptions> = {}) =>
    createContinuations({ tenant: 'https://tenant.example', key: KEY, questions, now, ...options, ...more });
  return { ...another(), another, pass: (ms: number) => (time += ms) };
}

const refused = (why: RegExp) => ({ code: 'answer_refused', detail: expect.stringMatching(why) });

describe('what lets a call go on', () => {
  test('gives back what was asked, to the same call with its members in another order', async () => {
    const { issue, redeem } = setUp();
    const input = { comment: 'x', ids: ['a', 'b'] };
    expect(await redeem(await issue(CALL, ASKED), { ...CALL, input })).toMatchObject(ASKED);
  });

  test('is taken by another process with the same key that knows of the question, and by no other', async () => {
    const { issue, another } = setUp();
    const text = await issue(CALL, ASKED);
    const stranger = another({ questions: createLocalQuestions() });
    await expect(stranger.redeem(text, CALL)).rejects.toMatchObject(refused(/not known here/));
    expect(await another().redeem(text, CALL)).toMatchObject(ASKED);
  });

  test('is not given out where nobody would know that it is unused', async () => {
    const away = new Error('away');
    const put = () => Promise.reject(away);
    await expect(setUp({ questions: { ...createLocalQuestions(), put } }).issue(CALL, ASKED)).rejects.toBe(away);
  });

  test.each([
    ['another key', { key: Buffer.alloc(32, 8) }],
    ['another tenant', { tenant: 'https://other.example' }],
  ])('is not taken by a process with %s', async (_what, other) => {
    const { issue, another } = setUp();
    await expect(another(other).redeem(await issue(CALL, ASKED), CALL)).rejects.toMatchObject(refused(/altered/));
  });

  test.each([
    ['caller', { caller: '' }],
    ['tool', { tool: 'mdca_dismiss' }],
    ['arguments', { input: { ...CALL.input, comment: 'y' } }],
    ['order of the items', { input: { ...CALL.input, ids: ['b', 'a'] } }],
    ['number of the items', { input: { ...CALL.input, ids: ['a'] } }],
  ])('is not taken for another %s, and stays good for its own', async (_what, other) => {
    const { issue, redeem } = setUp();
    const text = await issue(CALL, ASKED);
    await expect(redeem(text, { ...CALL, ...other })).rejects.toMatchObject(refused(/not for this caller/));
    expect(await redeem(text, CALL)).toMatchObject(ASKED);
  });

  test('is not taken with any character changed, left out or added', async () => {
    const { issue, redeem } = setUp();
    const text = await issue(CALL, ASKED);
    const altered = [...text].flatMap((character, at) => {
      const other = character === 'A' ? 'B' : 'A';
      return [text.slice(0, at) + other + text.slice(at + 1), text.slice(0, at) + text.slice(at + 1)];
    });
    for (const each of [...altered, `${text}A`, `${text}.A`, ` ${text}`, '', '.', 'a.b']) {
      await expect(redeem(each, CALL), each).rejects.toMatchObject({ code: 'answer_refused' });
    }
    expect(await redeem(text, CALL)).toMatchObject(ASKED);
  });

  test('is good for 5 minutes', async () => {
    const { issue, redeem, pass } = setUp();
    const [first, second] = [await issue(CALL, ASKED), await issue(CALL, ASKED)];
    pass(299_999);
    expect(await redeem(first, CALL)).toMatchObject(ASKED);
    pass(1);
    await expect(redeem(second, CALL)).rejects.toMatchObject(refused(/5 minutes/));
  });

  test('is good once, until it is given back, and stays used until it expires', async () => {
    const { issue, redeem, pass } = setUp();
    const text = await issue(CALL, ASKED);
    const uses = await Promise.allSettled(Array.from({ length: 20 }, () => redeem(text, CALL)));
    const [taken, ...others] = uses.filter(({ status }) => status === 'fulfilled');
    expect(others).toEqual([]);
    pass(299_000);
    await expect(redeem(text, CALL)).rejects.toMatchObject(refused(/used before/));
    if (taken?.status === 'fulfilled') await taken.value.giveBack();
    expect(await redeem(text, CALL)).toMatchObject(ASKED);
    await expect(redeem(text, CALL)).rejects.toMatchObject(refused(/used before/));
  });
});
