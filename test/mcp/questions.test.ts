import { describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { callOf, INITIALIZE, type Running, start } from '../process.ts';
import { phraseOf } from '../writes/writing.ts';

const NAME = 'mdca_close_alert_benign';

interface Message {
  readonly id?: unknown;
  readonly method?: string;
  readonly params?: { message?: string; requestId?: unknown };
  readonly result?: { structuredContent?: Record<string, unknown> };
}

const messagesOf = (running: Running): Message[] =>
  running
    .stdout()
    .split('\n')
    .filter(Boolean)
    .flatMap((line) => JSON.parse(line));

const questionsOf = (running: Running) => messagesOf(running).filter(({ method }) => method === 'elicitation/create');
const answerTo = (running: Running, id: unknown) =>
  messagesOf(running).find((message) => message.id === id && message.method === undefined);

interface Asking {
  readonly running: Running;
  readonly own: Emulator;
  /** Ids of open alerts. */
  readonly ids: string[];
}

/** A server whose client declares a capability, and has called the close of the first open alert with the id 7. */
async function withQuestion(elicitation: unknown, run: (asking: Asking) => Promise<void>): Promise<void> {
  const own = await createEmulator({ callsPerMinute: 0 });
  const settings = { MDCA_CALLS_PER_MINUTE: '10000' };
  const running = start([], { MDCA_API_URL: own.url, MDCA_API_TOKEN: own.token, ...settings });
  const open = own.state.alerts.filter((alert) => alert.resolutionStatusValue === 0);
  // The phrase that closes a high alert says so.
  Object.assign(open[0] ?? {}, { severityValue: 1 });
  const ids = open.map(({ _id }) => _id);
  running.send({ ...INITIALIZE, params: { ...INITIALIZE.params, capabilities: { elicitation } } });
  running.send(callOf(7, NAME, { alert_ids: [ids[0]] }));
  await run({ running, own, ids });
  running.child.stdin.end();
  expect(await running.ended).toBe(0);
  await own.close();
}

const stateOf = ({ own, ids }: Asking) => own.state.alerts.find(({ _id }) => _id === ids[0])?.resolutionStatusValue;

describe('an answer to a question is read generously', () => {
  const content = { phrase: 'close 1' };
  test.each<(id: unknown) => object>([
    (id) => ({ jsonrpc: '2.0', id, result: { action: 'accept', content, _meta: null } }),
    (id) => ({ jsonrpc: '2.0', id, result: { action: 'accept', content, _meta: [] } }),
    (id) => ({ jsonrpc: '2.0', id, result: { action: 'accept', content, _meta: { progressToken: null } } }),
    (id) => ({ jsonrpc: '2.0', id, result: { action: 'accept', content, _meta: 'x', more: { a: [null] } } }),
    (id) => ({ jsonrpc: '2.0', id, result: { action: 'accept', content }, error: null, more: 1 }),
    (id) => ({ jsonrpc: '2.0', id, method: null, params: null, result: { action: 'accept', content } }),
    (id) => ({ jsonrpc: '2.0', id: String(id), result: { action: 'accept', content } }),
    (id) => ({ jsonrpc: '2.0', id, result: { action: 'accept', content: { ...content, more: null, deep: { a: 1 } } } }),
    (id) => [{ jsonrpc: '2.0', id, result: { action: 'accept', content } }] as object,
  ])('%s', (answer) =>
    withQuestion({}, async (asking) => {
      const { running } = asking;
      await expect.poll(() => questionsOf(running)).toHaveLength(1);
      running.send(answer(questionsOf(running)[0]?.id));
      await expect
        .poll(() => answerTo(running, 7))
        .toMatchObject({ result: { structuredContent: { status: 'closed' } } });
      expect(stateOf(asking)).not.toBe(0);
    }),
  );
});

describe('an answer that is malformed ends the question at once, and nothing is written', () => {
  const answer = (id: unknown, more: object) => ({ jsonrpc: '2.0', id, ...more });
  test.each<[string, (id: unknown) => object | string]>([
    ['result is text', (id) => answer(id, { result: 'accept' })],
    ['result is null', (id) => answer(id, { result: null })],
    ['result is a list', (id) => answer(id, { result: ['accept'] })],
    ['no result', (id) => answer(id, {})],
    ['no id', () => ({ jsonrpc: '2.0', result: { action: 'accept', content: { phrase: 'close 1' } } })],
    ['an id that is none', () => answer([1], { result: { action: 'accept', content: { phrase: 'close 1' } } })],
    ['an error about what could not be read', () => answer(null, { error: { code: -32700, message: 'Parse error' } })],
    ['an unknown action', (id) => answer(id, { result: { action: 'maybe', content: { phrase: 'close 1' } } })],
    ['no action', (id) => answer(id, { result: { content: { phrase: 'close 1' } } })],
    ['an error that is text', (id) => answer(id, { error: 'no' })],
    ['an error without a code', (id) => answer(id, { error: { message: 'no' } })],
    ['an error', (id) => answer(id, { error: { code: -1, message: 'no', more: 1 } })],
    [
      'both',
      (id) =>
        answer(id, { result: { action: 'accept', content: { phrase: 'close 1' } }, error: { code: 1, message: '' } }),
    ],
    ['no version', (id) => ({ id, result: { action: 'accept', content: { phrase: 'close 1' } } })],
    ['broken', (id) => `{"jsonrpc":"2.0","id":${id},"result":{"action":"accept","content":{"phrase":"close 1"}`],
  ])('%s', (_what, malformed) =>
    withQuestion({}, async (asking) => {
      const { running } = asking;
      await expect.poll(() => questionsOf(running)).toHaveLength(1);
      const { id } = questionsOf(running)[0] ?? {};
      running.send(malformed(id));
      await expect
        .poll(() => answerTo(running, 7))
        .toMatchObject({
          result: {
            structuredContent: { status: 'declined', warning: expect.stringContaining('could not put the question') },
          },
        });
      // A second answer comes too late, and is not answered either.
      running.send(answer(id, { result: { action: 'accept', content: { phrase: 'close 1' } } }));
      running.send({ jsonrpc: '2.0', id: 99, method: 'ping' });
      await expect.poll(() => answerTo(running, 99)).toBeDefined();
      expect(answerTo(running, id === 1 ? undefined : id)).toBeUndefined();
      expect(messagesOf(running)).toHaveLength(4);
      expect(stateOf(asking)).toBe(0);
    }),
  );
});

describe('elicitation', () => {
  test.each([
    [{}],
    [{ form: {} }],
    [{ form: {}, url: {} }],
    [{ form: null }],
    [{ form: { applyDefaults: null } }],
    [{ applyDefaults: true }],
    [{ url: null }],
    [{ form: true }],
    [true],
  ])('declared as %j can be asked by form', (elicitation) =>
    withQuestion(elicitation, async ({ running }) => {
      await expect.poll(() => questionsOf(running)).toHaveLength(1);
      running.send({ jsonrpc: '2.0', id: questionsOf(running)[0]?.id, result: { action: 'decline' } });
      await expect
        .poll(() => answerTo(running, 7))
        .toMatchObject({ result: { structuredContent: { status: 'declined' } } });
    }),
  );

  test.each([
    [undefined],
    [null],
    [[]],
    [false],
    [{ url: {} }],
    [{ url: true }],
    [{ url: {}, form: null }],
    [{ form: false }],
  ])('declared as %j cannot, and the call returns a code', (elicitation) =>
    withQuestion(elicitation, async ({ running }) => {
      await expect
        .poll(() => answerTo(running, 7))
        .toMatchObject({
          result: { structuredContent: { status: 'confirmation_required' } },
        });
    }),
  );
});

describe('sixty closes at once', () => {
  test('put one question after the other, and none is closed without its own', () =>
    withQuestion({}, async ({ running, own, ids }) => {
      const alerts = ids.slice(0, 60);
      alerts.forEach((id, n) => {
        if (n > 0) running.send(callOf(1_000 + n, NAME, { alert_ids: [id] }));
      });
      const callIds = [7, ...alerts.slice(1).map((_, n) => 1_001 + n)];
      const agreed = new Set<string>();
      const isAnswered = (id: number) => answerTo(running, id) !== undefined;
      for (let n = 0; !callIds.every(isAnswered); n++) {
        await expect.poll(() => questionsOf(running).length > n || callIds.every(isAnswered)).toBe(true);
        const question = questionsOf(running)[n];
        if (!question) break;
        expect(questionsOf(running), 'one question at a time').toHaveLength(n + 1);
        const message = question.params?.message ?? '';
        const asked = alerts.filter((id) => message.includes(id));
        expect(asked).toHaveLength(1);
        const action =
          n % 3 === 0 ? { action: 'decline' } : { action: 'accept', content: { phrase: phraseOf(message) } };
        if (action.action === 'accept') agreed.add(asked[0] ?? '');
        running.send({ jsonrpc: '2.0', id: question.id, result: action });
      }
      for (const alert of own.state.alerts) {
        if (alerts.includes(alert._id)) expect(alert.resolutionStatusValue !== 0).toBe(agreed.has(alert._id));
      }
      expect(agreed.size).toBeGreaterThan(0);
    }));

  test('of one alert put one question, because the others find it closed', () =>
    withQuestion({}, async ({ running, own, ids }) => {
      for (let id = 8; id < 20; id++) running.send(callOf(id, NAME, { alert_ids: [ids[0]] }));
      await expect.poll(() => questionsOf(running)).toHaveLength(1);
      const [question] = questionsOf(running);
      const phrase = phraseOf(question?.params?.message ?? '');
      running.send({ jsonrpc: '2.0', id: question?.id, result: { action: 'accept', content: { phrase } } });
      await expect
        .poll(() => answerTo(running, 7))
        .toMatchObject({ result: { structuredContent: { status: 'closed' } } });
      for (let id = 8; id < 20; id++) {
        await expect
          .poll(() => answerTo(running, id))
          .toMatchObject({
            result: { structuredContent: { status: 'unchanged' } },
          });
      }
      expect(questionsOf(running)).toHaveLength(1);
      expect(own.requests.filter(({ effect }) => effect === 'write')).toHaveLength(1);
    }));

  test('can be cancelled while they wait, and then put no question', () =>
    withQuestion({}, async ({ running, own, ids }) => {
      await expect.poll(() => questionsOf(running)).toHaveLength(1);
      running.send(callOf(8, NAME, { alert_ids: [ids[1]] }));
      running.send(callOf(9, NAME, { alert_ids: [ids[2]] }));
      running.send({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId: 8 } });
      running.send({ jsonrpc: '2.0', id: questionsOf(running)[0]?.id, result: { action: 'decline' } });
      await expect.poll(() => questionsOf(running)).toHaveLength(2);
      const [, second] = questionsOf(running);
      expect(second?.params?.message).toContain(ids[2]);
      running.send({ jsonrpc: '2.0', id: second?.id, result: { action: 'decline' } });
      await expect.poll(() => answerTo(running, 9)).toBeDefined();
      expect(answerTo(running, 8)).toBeUndefined();
      expect(own.requests.filter(({ effect }) => effect === 'write')).toEqual([]);
    }));
});
