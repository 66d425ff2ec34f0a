import { describe, expect, test } from 'vitest';
import type { Reply } from '../../src/tool/caller.ts';
import type { WriteTool } from '../../src/tool/tool.ts';
import { createLocalStore } from '../../src/writes/code_store.ts';
import { type Confirmation, confirm, unwrittenText } from '../../src/writes/confirm.ts';
import { createCodes } from '../../src/writes/confirmation_codes.ts';
import { createContinuations } from '../../src/writes/continuations.ts';
import { createLocalQuestions } from '../../src/writes/open_questions.ts';
import { callerOf, createFakeClient, personWho, planOf, targetOf, toolOf } from './parts.ts';

const PLAN = planOf([targetOf('a', 'open low'), targetOf('b', 'open high')], {
  current: { status: 'unchanged', n: 2 },
});
const CALL = { tool: 'mdca_close', caller: '', session: 's1', input: { ids: ['a', 'b'] } };

function setUp(reply?: Reply, plan = PLAN) {
  const person = reply && personWho(reply);
  let plans = 0;
  const planning: WriteTool['plan'] = async () => {
    plans++;
    return plan;
  };
  const tenant = 'https://tenant.example';
  const continuations = createContinuations({ tenant, questions: createLocalQuestions(), key: Buffer.alloc(32) });
  const proofs = { codes: createCodes({ tenant, store: createLocalStore() }), continuations };
  const { reader } = createFakeClient([]);
  const unconfirmed = {
    tool: toolOf({ plan: planning }),
    call: CALL,
    reader,
    caller: callerOf(person && { ask: person.ask }),
  };
  return {
    asked: person?.asked,
    plans: () => plans,
    confirm: (code?: unknown) => confirm(unconfirmed, code, proofs),
  };
}

const insteadOf = (confirmation: Confirmation) => ('instead' in confirmation ? confirmation.instead : undefined);

describe('a person at the client', () => {
  test('is shown the whole plan, and what to type', async () => {
    const { asked, confirm } = setUp({ typed: 'close 2' });
    await confirm();
    expect(asked).toEqual([
      [
        'Type "close 2" to confirm; anything else leaves everything as it is.\n\n' +
          'Close things.\na now open low\nb now open high',
        'Type "close 2" to confirm',
      ],
    ]);
  });

  test.each(['close 2', '  close 2\n', 'Close 2', 'CLOSE 2'])('confirms by %j', async (typed) => {
    const confirmation = await setUp({ typed }).confirm();
    expect(confirmation).toMatchObject({
      by: 'person',
      states: new Map([
        ['a', 'open low'],
        ['b', 'open high'],
      ]),
    });
    if ('giveBack' in confirmation) await expect(confirmation.giveBack()).resolves.toBeUndefined();
  });

  test.each<[Reply, string]>([
    [{ refused: 'declined' }, 'the person at the client declined'],
    [{ refused: 'cancelled' }, 'the person at the client closed the question'],
    [{ refused: 'unanswered' }, 'nobody answered within 2 minutes'],
    [{ refused: 'failed' }, 'the client could not put the question'],
    ...['', 'yes', 'close', 'close 3', 'close  2', 'close 2.', 'close 22'].map((typed): [Reply, string] => [
      { typed },
      'what was typed is not the phrase that was asked for',
    ]),
  ])('does not confirm by %j, and the caller hears why', async (reply, why) => {
    expect(insteadOf(await setUp(reply).confirm())).toEqual({
      status: 'declined',
      n: 2,
      warning: `Nothing was written: ${why}.`,
    });
  });

  test('is not asked where nothing would be done', async () => {
    const { asked, confirm } = setUp({ typed: 'close 0' }, planOf([], { current: { status: 'unchanged', n: 0 } }));
    expect(insteadOf(await confirm())).toEqual({ status: 'unchanged', n: 0 });
    expect(asked).toEqual([]);
  });
});

describe('a client that cannot ask', () => {
  test('is given the plan and a code; the code confirms, once, without another plan', async () => {
    const { confirm, plans } = setUp();
    const instead = insteadOf(await confirm());
    expect(instead).toEqual({
      status: 'confirmation_required',
      n: 2,
      plan: expect.stringMatching(
        /^Nothing has been written\. Show this plan [\s\S]*\n\nClose things\.\na now open low\nb now open high$/u,
      ),
      confirm: expect.stringMatching(/^[\w-]+\.[\w-]+$/),
      phrase: 'close 2',
    });
    expect(plans()).toBe(1);
    const confirmed = await confirm(instead?.confirm);
    expect(confirmed).toMatchObject({
      by: 'code',
      states: new Map([
        ['a', 'open low'],
        ['b', 'open high'],
      ]),
    });
    expect(plans()).toBe(1);
    await expect(confirm(instead?.confirm)).rejects.toMatchObject({ code: 'confirm_refused' });
  });

  test('gets the use of its code back', async () => {
    const { confirm } = setUp();
    const code = insteadOf(await confirm())?.confirm;
    const confirmed = await confirm(code);
    if ('giveBack' in confirmed) await confirmed.giveBack();
    await expect(confirm(code)).resolves.toMatchObject({ by: 'code' });
  });

  test('is given no code where nothing would be done', async () => {
    const { confirm } = setUp(undefined, planOf([]));
    expect(insteadOf(await confirm())).toEqual({ status: 'unchanged' });
  });
});

test('a code is looked at even where a person could be asked', async () => {
  const { asked, confirm } = setUp({ typed: 'close 2' });
  await expect(confirm('made.up')).rejects.toMatchObject({ code: 'confirm_refused' });
  expect(asked).toEqual([]);
});

describe('in words', () => {
  test('a plan stands behind what is to be done with it, in the value too', async () => {
    const { confirm } = setUp();
    const instead = insteadOf(await confirm()) ?? {};
    expect(String(instead.plan).split('\n')).toEqual([
      'Nothing has been written. Show this plan to the person you work for. Only if they agree, repeat this very call',
      `with "confirm": "${instead.confirm}" (good for 5 minutes, once). Consent is theirs, given in the client's own approval`,
      'dialog; the code only guards against mistakes and stale plans.',
      '',
      'Close things.',
      'a now open low',
      'b now open high',
    ]);
    expect(unwrittenText(instead)).toBe(`confirmation_required\n${instead.plan}`);
  });

  test('a list that only names what the call has named is left out', async () => {
    const current = { status: 'unchanged', open: ['a', 'b'], gone: ['c'], none: [] };
    const plan = planOf([targetOf('a'), targetOf('b')], { current });
    const instead = insteadOf(await setUp(undefined, plan).confirm());
    expect(instead).toMatchObject({ status: 'confirmation_required', gone: ['c'], none: [] });
    expect(instead).not.toHaveProperty('open');
  });

  test('a refusal says that only the person can bring it up again', () => {
    const warning = 'Nothing was written: the person at the client declined.';
    expect(unwrittenText({ status: 'declined', warning })).toBe(
      `declined. ${warning} Ask again only if that person wants it.`,
    );
  });

  test.each(['closed', 'unchanged', undefined])('a status of %s is for the tool to tell', (status) => {
    expect(unwrittenText({ status, plan: 'x', confirm: 'y' })).toBeUndefined();
  });
});
