import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Identity } from '../../src/tool/caller.ts';
import { randomArguments } from '../call/random_arguments.ts';
import { type Fixture, type FixtureOptions, tools, withFixture } from '../fixture.ts';
import { openIds } from '../samples.ts';
import { writesOf } from '../writes/writing.ts';
import { createWire, questionOf, REVISION } from './modern_wire.ts';

const CLOSE = 'mdca_close_alert_benign';
const DISMISS = 'mdca_dismiss_alert';
const TRACE = '00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01';
const CONFIRM: FixtureOptions = { environment: { MDCA_WRITES: 'confirm' } };
const SOC: Identity = { id: 'key soc', name: 'soc', mayWrite: true };
const OTHER: Identity = { id: 'key other', name: 'other', mayWrite: true };

/** Runs a test with the question about closing two open alerts, which SOC has been asked. */
const withQuestion = (
  run: (
    asked: ReturnType<typeof questionOf> & ReturnType<typeof createWire> & { args: object; fixture: Fixture },
  ) => Promise<void>,
) =>
  withFixture(async (fixture) => {
    const wire = createWire(fixture.methods);
    const args = { alert_ids: openIds(fixture.emulator.state.alerts, 2) };
    const question = questionOf(await wire.call(CLOSE, args, {}, { identity: SOC }));
    expect(question.resultType).toBe('input_required');
    await run({ ...question, ...wire, args, fixture });
  }, CONFIRM);

describe('a person who confirms', () => {
  test('is shown the plan in a form, and the same call with the answer writes', () =>
    withQuestion(async ({ call, args, requestState, agreed, fixture }) => {
      expect(writesOf(fixture)).toEqual([]);
      const answer = await call(CLOSE, args, { requestState, inputResponses: agreed }, { identity: SOC });
      expect(answer.result).toMatchObject({
        resultType: 'complete',
        structuredContent: { status: 'closed', closed: 2 },
      });
      expect(writesOf(fixture)).toHaveLength(1);
    }));

  test('writes once, though the answer comes 20 times at once, and never again', () =>
    withQuestion(async ({ call, args, requestState, agreed, fixture }) => {
      const again = () => call(CLOSE, args, { requestState, inputResponses: agreed }, { identity: SOC });
      const answers = await Promise.all(Array.from({ length: 20 }, again));
      expect(answers.filter(({ result }) => result)).toHaveLength(1);
      for (const { error } of answers.filter((answer) => answer.error)) expect(error?.code).toBe(-32_602);
      expect((await again()).error?.message).toMatch(/used before/);
      expect(writesOf(fixture)).toHaveLength(1);
    }));

  test('writes nothing to what has changed since', () =>
    withQuestion(async ({ call, args, requestState, agreed, fixture }) => {
      const [changed] = fixture.emulator.state.alerts.filter(
        ({ resolutionStatusValue }) => resolutionStatusValue === 0,
      );
      if (changed) changed.resolutionStatusValue = 2;
      const { result } = await call(CLOSE, args, { requestState, inputResponses: agreed }, { identity: SOC });
      expect(result).toMatchObject({
        structuredContent: { closed: 1, warning: expect.stringContaining(`${changed?._id} was open`) },
      });
    }));

  test('may answer again if the second plan could not be made', () =>
    withQuestion(async ({ call, args, requestState, agreed, fixture }) => {
      const again = () => call(CLOSE, args, { requestState, inputResponses: agreed }, { identity: SOC });
      fixture.emulator.fault({ kind: 'status', status: 403 });
      expect((await again()).result).toMatchObject({ isError: true });
      expect((await again()).result).toMatchObject({ structuredContent: { status: 'closed' } });
    }));
});

test('the answers to two questions about one alert, at once, write once: the second finds it closed', () =>
  withQuestion(async ({ call, args, requestState, agreed, fixture }) => {
    const other = questionOf(await call(DISMISS, args, {}, { identity: SOC }));
    const answers = await Promise.all([
      call(CLOSE, args, { requestState, inputResponses: agreed }, { identity: SOC }),
      call(DISMISS, args, { requestState: other.requestState, inputResponses: other.agreed }, { identity: SOC }),
    ]);
    expect(answers.map(({ result }) => Object(result?.structuredContent).status)).toEqual(['closed', 'unchanged']);
    expect(writesOf(fixture)).toHaveLength(1);
  }));

describe('nothing is written, and the answer is no longer good', () => {
  test.each<[string, (asked: ReturnType<typeof questionOf>) => object]>([
    ['empty content', ({ accept }) => accept({})],
    ['no content', ({ accept }) => accept(undefined)],
    ['another phrase', ({ accept }) => accept({ phrase: 'yes' })],
    ['a phrase that is no text', ({ accept }) => accept({ phrase: true })],
    ['a person who declined', () => ({ confirmation: { action: 'decline' } })],
    ['a question that was closed', () => ({ confirmation: { action: 'cancel' } })],
  ])('for %s', (_what, respond) =>
    withQuestion(async (asked) => {
      const { call, args, requestState, agreed, fixture } = asked;
      const first = await call(CLOSE, args, { requestState, inputResponses: respond(asked) }, { identity: SOC });
      expect(first.result).toMatchObject({ resultType: 'complete', structuredContent: { status: 'declined' } });
      const then = await call(CLOSE, args, { requestState, inputResponses: agreed }, { identity: SOC });
      expect(then.error).toMatchObject({ code: -32_602, message: expect.stringContaining('used before') });
      expect(writesOf(fixture)).toEqual([]);
    }),
  );
});

test.each<[string, (asked: ReturnType<typeof questionOf>) => object]>([
  ['without the state', ({ agreed }) => ({ inputResponses: agreed })],
  ['without the answer', ({ requestState }) => ({ requestState })],
  ['with null for the answer', ({ requestState }) => ({ requestState, inputResponses: null })],
  [
    'with the answer to something else',
    ({ requestState }) => ({ requestState, inputResponses: { x: { action: 'accept' } } }),
  ],
  ['with a number for the answer', ({ requestState }) => ({ requestState, inputResponses: { confirmation: 1 } })],
  [
    'with an unknown action',
    ({ requestState }) => ({ requestState, inputResponses: { confirmation: { action: 'ok' } } }),
  ],
])('a call that comes again %s asks anew, and writes nothing', (_what, repeat) =>
  withQuestion(async (asked) => {
    const answer = await asked.call(CLOSE, asked.args, repeat(asked), { identity: SOC });
    expect(questionOf(answer)).toMatchObject({ resultType: 'input_required' });
    expect(questionOf(answer).requestState).not.toBe(asked.requestState);
    expect(writesOf(asked.fixture)).toEqual([]);
  }),
);

test('an answer that was altered, or is of another caller, tool or arguments, is refused and writes nothing', () =>
  withQuestion(async ({ call, args, requestState, agreed, fixture }) => {
    const given = { requestState, inputResponses: agreed };
    const [one] = openIds(fixture.emulator.state.alerts, 1);
    const answers = await Promise.all([
      call(CLOSE, args, { ...given, requestState: `${requestState}x` }, { identity: SOC }),
      call(CLOSE, args, { ...given, requestState: 'x' }, { identity: SOC }),
      call(CLOSE, args, given, { identity: OTHER }),
      call(CLOSE, args, given),
      call(DISMISS, args, given, { identity: SOC }),
      call(CLOSE, { alert_ids: [one] }, given, { identity: SOC }),
      call(CLOSE, { ...args, comment: 'x' }, given, { identity: SOC }),
    ]);
    for (const { error } of answers) {
      expect(error).toMatchObject({ code: -32_602, message: expect.stringContaining('answer_refused') });
    }
    expect(writesOf(fixture)).toEqual([]);
    expect((await call(CLOSE, args, given, { identity: SOC })).result).toMatchObject({
      structuredContent: { status: 'closed' },
    });
  }));

test('a code does not outweigh what the person has answered', () =>
  withQuestion(async ({ call, args, requestState, fixture }) => {
    const { result } = await call(CLOSE, args, {}, { identity: SOC, capabilities: {} });
    const { confirm } = Object(result?.structuredContent);
    const declined = { requestState, inputResponses: { confirmation: { action: 'decline' } } };
    const answer = await call(CLOSE, { ...args, confirm }, declined, { identity: SOC });
    expect(answer.result).toMatchObject({ structuredContent: { status: 'declined' } });
    expect(writesOf(fixture)).toEqual([]);
  }));

test('with writes allowed an answer is refused, because nobody has been asked', () =>
  withFixture(async (fixture) => {
    const args = { alert_ids: openIds(fixture.emulator.state.alerts, 1) };
    const declined = { requestState: 'x', inputResponses: { confirmation: { action: 'decline' } } };
    const { error } = await createWire(fixture.methods).call(CLOSE, args, declined);
    expect(error).toMatchObject({ code: -32_602, message: expect.stringContaining('answer_refused') });
    expect(fixture.emulator.requests).toEqual([]);
  }));

test('a client that cannot ask gets a code, which is good for its caller', () =>
  withFixture(async (fixture) => {
    const { call } = createWire(fixture.methods);
    const args = { alert_ids: openIds(fixture.emulator.state.alerts, 1) };
    const plain = { capabilities: {}, identity: SOC };
    const { result } = await call(CLOSE, args, {}, plain);
    expect(result).toMatchObject({ structuredContent: { status: 'confirmation_required' } });
    const { confirm } = Object(result?.structuredContent);
    const stolen = await call(CLOSE, { ...args, confirm }, {}, { ...plain, identity: OTHER });
    expect(stolen.result).toMatchObject({ isError: true });
    const { result: closed } = await call(CLOSE, { ...args, confirm }, {}, plain);
    expect(closed).toMatchObject({ structuredContent: { status: 'closed' } });
  }, CONFIRM));

describe('every result', () => {
  test('says what it is, who gives it and how long it is good, and lists are the same each time', () =>
    withFixture(async ({ methods }) => {
      const { send } = createWire(methods);
      const cacheable = [
        ...['server/discover', 'tools/list', 'prompts/list', 'resources/list', 'resources/templates/list'].map((m) => [
          m,
          {},
        ]),
        ['resources/read', { uri: 'mdca://alerts/open' }],
      ] as const;
      for (const [method, params] of cacheable) {
        const { result } = await send(String(method), Object(params));
        expect(result, String(method)).toMatchObject({
          resultType: 'complete',
          ttlMs: expect.any(Number),
          cacheScope: expect.stringMatching(/^(public|private)$/),
          _meta: { 'io.modelcontextprotocol/serverInfo': { name: 'defender-cloud-apps' } },
        });
      }
      expect(await send('tools/list')).toMatchObject({ result: (await send('tools/list')).result });
      expect((await send('server/discover')).result).toMatchObject({ supportedVersions: [REVISION] });
    }));

  test('names tools that the caller can use', () =>
    withFixture(async ({ methods }) => {
      const { send } = createWire(methods);
      const { result } = await send('tools/list', {}, { identity: { ...SOC, mayWrite: false } });
      const reads = tools
        .filter(({ effect }) => effect === 'read')
        .map(({ name }) => expect.objectContaining({ name }));
      expect(result?.tools).toEqual(reads);
    }));
});

test('what a request must say of itself, and what it may not ask for', () =>
  withFixture(async ({ methods }) => {
    const { send } = createWire(methods);
    const meta = (name: string, value: unknown) => ({ meta: { [`io.modelcontextprotocol/${name}`]: value } });
    expect((await send('tools/list', {}, meta('protocolVersion', 7))).error?.code).toBe(-32_602);
    expect((await send('tools/list', {}, meta('clientCapabilities', null))).error?.code).toBe(-32_602);
    expect((await send('tools/list', {}, meta('clientInfo', null))).result).toBeDefined();
    expect((await send('tools/list', {}, meta('protocolVersion', '2025-11-25'))).error).toMatchObject({
      code: -32_022,
      data: { supported: [REVISION], requested: '2025-11-25' },
    });
    for (const method of ['initialize', 'ping', 'logging/setLevel', 'resources/subscribe', 'nothing']) {
      const params = { uri: 'mdca://alerts/open', protocolVersion: REVISION };
      expect((await send(method, params)).error?.code, method).toBe(-32_601);
    }
    expect((await send('resources/read', { uri: 'mdca://nothing' })).error).toMatchObject({
      code: -32_602,
      data: { uri: 'mdca://nothing' },
    });
  }));

test('traceparent goes into the log if it is one', () =>
  withFixture(async ({ methods, logged }) => {
    const { send } = createWire(methods);
    for (const given of [TRACE, `${TRACE}x`, '00-0-0-01', 7]) {
      await send('tools/call', { name: 'mdca_get_open_alerts' }, { meta: { traceparent: given } });
    }
    const calls = logged.map((line) => JSON.parse(line)).filter(({ message }) => message === 'call');
    expect(calls.map((line) => line.traceparent)).toEqual([TRACE, undefined, undefined, undefined]);
  }));

test('traceparent goes into both lines of the audit trail, in either era', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'trace-'));
  const file = join(folder, 'audit.jsonl');
  const run = async ({ methods, client, emulator }: Fixture) => {
    const [one, two] = openIds(emulator.state.alerts, 2).map((id) => ({ name: CLOSE, arguments: { alert_ids: [id] } }));
    await createWire(methods).send('tools/call', one, { meta: { traceparent: TRACE } });
    await client.callTool({ name: CLOSE, ...two, _meta: { traceparent: TRACE } });
    const lines = readFileSync(file, 'utf8').trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).traceparent)).toEqual([TRACE, TRACE, TRACE, TRACE]);
  };
  await withFixture(run, { environment: { MDCA_AUDIT_FILE: file } });
  rmSync(folder, { recursive: true });
});

test('who listens is told what it hears, then of changes, and at last that it is over', () =>
  withFixture(
    async ({ methods, emulator }) => {
      const { send, server } = createWire(methods);
      const heard: { method?: string; params?: Record<string, unknown> }[] = [];
      const filter = { resourceSubscriptions: ['mdca://alerts/open', 'mdca://nothing'], toolsListChanged: true };
      const listening = send(
        'subscriptions/listen',
        { notifications: filter },
        { notify: (message) => heard.push(message) },
      );
      await expect.poll(() => heard).toHaveLength(1);
      const _meta = { 'io.modelcontextprotocol/subscriptionId': 1 };
      const notifications = { resourceSubscriptions: ['mdca://alerts/open'] };
      expect(heard[0]).toMatchObject({
        method: 'notifications/subscriptions/acknowledged',
        params: { _meta, notifications },
      });
      const [alert] = emulator.state.alerts.filter(({ resolutionStatusValue }) => resolutionStatusValue === 0);
      if (alert) alert.resolutionStatusValue = 2;
      await expect.poll(() => heard, { timeout: 10_000 }).toHaveLength(2);
      expect(heard[1]).toMatchObject({
        method: 'notifications/resources/updated',
        params: { _meta, uri: 'mdca://alerts/open' },
      });
      server.end();
      expect((await listening).result).toMatchObject({ resultType: 'complete', _meta });
      const nothing = await send('subscriptions/listen', { notifications: {} });
      expect(nothing.result).toMatchObject({ resultType: 'complete' });
      expect((await send('subscriptions/listen')).error?.code).toBe(-32_602);
    },
    { environment: { MDCA_POLL_SECONDS: '5' } },
  ));

test('a subscription that is just beginning ends with all others', () =>
  withFixture(async ({ methods }) => {
    const { send, server } = createWire(methods);
    const filter = { resourceSubscriptions: ['mdca://alerts/open'] };
    const listening = send('subscriptions/listen', { notifications: filter });
    server.end();
    expect((await listening).result).toMatchObject({ resultType: 'complete' });
  }));

const RUNS = 12;
/** A code is random; a span back from now, and a new cursor, is another time in each call. */
const masked = (value: unknown) =>
  JSON.parse(
    JSON.stringify(value)
      .replace(/c2\.[\w-]{30,}/g, 'CURSOR')
      .replace(/[\w-]{12}\.[\w-]{20}/g, 'CODE'),
  );
/** What would make a call last. */
const BRIEF: Readonly<Record<string, object>> = { mdca_wait_for_alerts: { wait_seconds: 0 } };

test.each(['constructor', 'toString', 'hasOwnProperty', '__proto__'])(
  'an argument named %s is completed by nothing',
  (name) =>
    withFixture(async ({ methods }) => {
      const params = { ref: { type: 'ref/prompt', name: 'triage_alert' }, argument: { name, value: '' } };
      const { result } = await createWire(methods).send('completion/complete', params);
      expect(result).toMatchObject({ completion: { values: [] } });
    }),
);

test('both eras give the same answer to the same call of any tool', () =>
  withFixture(
    async ({ methods, client }) => {
      const { send } = createWire(methods);
      const { tools: listed } = await client.listTools();
      const compared = new Set<string>();
      for (const tool of tools) {
        const same = fc.asyncProperty(randomArguments(tool), async ({ since: _, until: __, ...args }) => {
          const params = { name: tool.name, arguments: { ...args, ...BRIEF[tool.name] } };
          compared.add(tool.name);
          const { resultType, _meta, ...modern } = (await send('tools/call', params)).result ?? {};
          const { _meta: ___, ...legacy } = await client.callTool(params);
          expect(masked(modern), `${tool.name} ${JSON.stringify(args)}`).toEqual(masked(legacy));
        });
        await fc.assert(same, { numRuns: RUNS });
      }
      expect([...compared]).toEqual(listed.map(({ name }) => name));
    },
    { environment: { MDCA_WRITES: 'confirm', MDCA_CALLS_PER_MINUTE: '100000' } },
  ));
