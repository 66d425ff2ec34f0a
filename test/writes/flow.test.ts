import { describe, expect, test } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import type { Caller } from '../../src/tool/caller.ts';
import type { Plan } from '../../src/tool/plan.ts';
import type { WriteTool } from '../../src/tool/tool.ts';
import { createLocalStore } from '../../src/writes/code_store.ts';
import { createWriteFlow, type WriteFlowOptions } from '../../src/writes/flow.ts';
import { createLocalQuestions } from '../../src/writes/open_questions.ts';
import {
  callerOf,
  createFakeClient,
  createFakeTrail,
  createTestLog,
  type Events,
  personWho,
  planOf,
  targetOf,
  toolOf,
} from './parts.ts';

const ARGS = { ids: ['a', 'b'], comment: 'Travel' };
const TWO = planOf([targetOf('a'), targetOf('b')]);
const ONE_LEFT = planOf([targetOf('b')], { leftOut: [{ id: 'a', why: 'already closed' }] });

interface SetUp extends Partial<Pick<WriteFlowOptions, 'mode'>> {
  /** What each planning finds; the last one for ever. */
  readonly plans?: readonly (Plan | Error)[];
  readonly tool?: Partial<WriteTool>;
}

function setUp({ mode = 'confirm', plans = [TWO], tool: more = {} }: SetUp = {}) {
  const events: Events = [];
  const inputs: unknown[] = [];
  const { trail, entries } = createFakeTrail(events);
  const fake = createFakeClient(events);
  const { log } = createTestLog();
  let planned = 0;
  const tool = toolOf({
    async plan(input) {
      events.push('plan');
      inputs.push(input);
      const plan = plans[Math.min(planned++, plans.length - 1)];
      if (plan instanceof Error) throw plan;
      return plan ?? TWO;
    },
    ...more,
  });
  const stores = { store: createLocalStore(), questions: createLocalQuestions() };
  const signing = { ...stores, signingKey: Buffer.alloc(32) };
  const options = { tenant: 'https://tenant.example', client: fake.client, ...signing, log };
  const flow = createWriteFlow({ mode, ...options, trail });
  const silent = createWriteFlow({ mode, ...options });
  return {
    ...fake,
    events,
    inputs,
    entries,
    call: (args: Readonly<Record<string, unknown>> = ARGS, caller: Caller = callerOf()) => flow(tool, args, caller),
    callUnrecorded: () => silent(tool, ARGS, callerOf()),
  };
}

const agreeing = () => callerOf({ ask: personWho({ typed: 'close 2' }).ask });

describe('with writes off', () => {
  test('nothing is read, recorded or written', async () => {
    const { events, call } = setUp({ mode: 'off' });
    await expect(call()).rejects.toMatchObject({
      code: 'tool_withheld',
      detail: 'mdca_close changes something, and writes are off.',
    });
    expect(events).toEqual([]);
  });
});

describe('with writes allowed', () => {
  test('a write is planned, recorded and sent, once', async () => {
    const { events, bodies, entries, call } = setUp({ mode: 'allow' });
    expect(await call()).toEqual({ status: 'closed' });
    expect(events).toEqual(['check', 'plan', 'intent', 'sent', 'outcome']);
    expect(bodies).toEqual([{ ids: ['a', 'b'] }]);
    expect(entries[0]).toMatchObject({ mode: 'allow', confirmed: 'not_asked', ids: ['a', 'b'] });
  });

  test('a code is refused, because nobody has asked for one', async () => {
    const { events, call } = setUp({ mode: 'allow' });
    await expect(call({ ...ARGS, confirm: 'x' })).rejects.toMatchObject({
      code: 'invalid_input',
      detail: 'confirm: this server asks for no confirmation; leave it out.',
    });
    expect(events).toEqual([]);
  });

  test('what would change nothing is answered with the present state', async () => {
    const { events, call } = setUp({ mode: 'allow', plans: [planOf([], { current: { status: 'unchanged', n: 0 } })] });
    expect(await call()).toEqual({ status: 'unchanged', n: 0 });
    expect(events).toEqual(['check', 'plan']);
  });

  test('a write needs no trail', async () => {
    const { events, callUnrecorded } = setUp({ mode: 'allow' });
    expect(await callUnrecorded()).toEqual({ status: 'closed' });
    expect(events).toEqual(['plan', 'sent']);
  });
});

describe('with writes to be confirmed by a person', () => {
  test('the plan is made again after they agreed, and then recorded and sent', async () => {
    const { events, bodies, entries, call } = setUp();
    expect(await call(ARGS, agreeing())).toEqual({ status: 'closed' });
    expect(events).toEqual(['check', 'plan', 'plan', 'intent', 'sent', 'outcome']);
    expect(bodies).toEqual([{ ids: ['a', 'b'] }]);
    expect(entries[0]).toMatchObject({ mode: 'confirm', confirmed: 'person' });
  });

  test('nothing is written where they do not agree', async () => {
    const { events, call } = setUp();
    const caller = callerOf({ ask: personWho({ refused: 'declined' }).ask });
    expect(await call(ARGS, caller)).toMatchObject({ status: 'declined' });
    expect(events).toEqual(['check', 'plan']);
  });

  test('what changed while they read is left out and told', async () => {
    const { bodies, call } = setUp({ plans: [TWO, ONE_LEFT] });
    expect(await call(ARGS, agreeing())).toEqual({
      status: 'closed',
      warning: 'Left out, because changed since the plan: a was open, now already closed.',
    });
    expect(bodies).toEqual([{ ids: ['b'] }]);
  });

  test('what the tool warns of stands behind it', async () => {
    const commit = async () => ({ status: 'closed', warning: 'Look again.' });
    const { call } = setUp({ plans: [TWO, ONE_LEFT], tool: { commit } });
    expect((await call(ARGS, agreeing())).warning).toMatch(/now already closed\. Look again\.$/);
  });

  test('where all has changed, nothing is recorded or sent', async () => {
    const gone = planOf([], { current: { status: 'unchanged' } });
    const { events, call } = setUp({ plans: [TWO, gone] });
    expect(await call(ARGS, agreeing())).toEqual({
      status: 'unchanged',
      warning: 'Left out, because changed since the plan: a was open, now gone; b was open, now gone.',
    });
    expect(events).toEqual(['check', 'plan', 'plan']);
  });
});

describe('with writes to be confirmed by a code', () => {
  test('the call that brings it back is carried out, once', async () => {
    const { events, entries, call } = setUp();
    const { confirm, status } = await call();
    expect(status).toBe('confirmation_required');
    expect(events).toEqual(['check', 'plan']);
    expect(await call({ ...ARGS, confirm })).toEqual({ status: 'closed' });
    expect(events.slice(2)).toEqual(['check', 'plan', 'intent', 'sent', 'outcome']);
    expect(entries[0]).toMatchObject({ confirmed: 'code' });
    await expect(call({ ...ARGS, confirm })).rejects.toMatchObject({ code: 'confirm_refused' });
    expect(events.filter((event) => event === 'sent')).toHaveLength(1);
  });

  test('another call, or another session, is not', async () => {
    const { events, call } = setUp();
    const { confirm } = await call();
    const stranger = callerOf({ client: { session: 's2', name: 'inspector', version: '1.2' } });
    await expect(call({ ...ARGS, confirm }, stranger)).rejects.toThrow(/another session/);
    await expect(call({ ...ARGS, ids: ['a'], confirm })).rejects.toThrow(/other arguments/);
    expect(events).not.toContain('sent');
  });

  test('a caller without a session may confirm, too', async () => {
    const { client: _client, ...caller } = callerOf();
    const { call } = setUp();
    const { confirm } = await call(ARGS, caller);
    await expect(call({ ...ARGS, confirm })).rejects.toThrow(/another session/);
    await expect(
      call({ ...ARGS, confirm }, callerOf({ client: { session: '', name: '', version: '' } })),
    ).resolves.toEqual({ status: 'closed' });
  });

  test('a code is good again when the plan could not be made again', async () => {
    const failure = new Fault('forbidden', 'The service answered HTTP 403.');
    const { events, call } = setUp({ plans: [TWO, failure, TWO] });
    const { confirm } = await call();
    await expect(call({ ...ARGS, confirm })).rejects.toBe(failure);
    expect(events).not.toContain('intent');
    expect(await call({ ...ARGS, confirm })).toEqual({ status: 'closed' });
  });
});

test('before anybody is asked, the trail must be there', async () => {
  const { events, call } = setUp();
  const { ask, asked } = personWho({ typed: 'close 2' });
  await call(ARGS, callerOf({ ask }));
  expect(asked).toHaveLength(1);
  expect(events[0]).toBe('check');
});

test.each(['allow', 'confirm'] as const)('a call that was cancelled meanwhile writes nothing (%s)', async (mode) => {
  const { events, call } = setUp({ mode });
  const caller = { ...agreeing(), signal: AbortSignal.abort() };
  await expect(call(ARGS, caller)).rejects.toMatchObject({
    code: 'cancelled',
    detail: 'The call was cancelled before anything was written.',
  });
  expect(events).not.toContain('intent');
  expect(events).not.toContain('sent');
});

test('a plan is given the arguments without the code; a commit neither the code nor what names the targets', async () => {
  const committed: unknown[] = [];
  const commit: WriteTool['commit'] = async (approved, input) => {
    committed.push(approved, input);
    return { status: 'closed' };
  };
  const { inputs, approved, call } = setUp({ tool: { commit } });
  const { confirm } = await call();
  await call({ ...ARGS, confirm });
  expect(inputs).toEqual([ARGS, ARGS]);
  expect(committed).toEqual([{ targets: TWO.targets, current: TWO.current }, { comment: 'Travel' }]);
  expect(approved).toEqual([['a', 'b']]);
});
