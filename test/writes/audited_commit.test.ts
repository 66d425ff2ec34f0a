import { describe, expect, test, vi } from 'vitest';
import { Fault } from '../../src/core/errors.ts';
import { path } from '../../src/core/path.ts';
import type { Approved } from '../../src/tool/plan.ts';
import type { WriteTool } from '../../src/tool/tool.ts';
import { createAuditedCommit, type Permit } from '../../src/writes/audited_commit.ts';
import { callerOf, createFakeClient, createFakeTrail, createTestLog, type Events, targetOf, toolOf } from './parts.ts';

const APPROVED: Approved = { targets: [targetOf('a', 'open low'), targetOf('b', 'open high')], current: {} };
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

interface SetUp {
  readonly tool?: Partial<WriteTool>;
  readonly status?: number | Error;
  /** The event whose line cannot be written, and how that fails. */
  readonly lost?: readonly ['intent' | 'outcome', Error];
  readonly trailed?: boolean;
}

function setUp({ tool, status, lost, trailed = true }: SetUp = {}) {
  const events: Events = [];
  const { trail, entries } = createFakeTrail(events, ({ event }) => (event === lost?.[0] ? lost[1] : undefined));
  const fake = createFakeClient(events, status);
  const { log, lines } = createTestLog();
  const options = { mode: 'confirm', tenant: 'https://tenant.example', client: fake.client, log } as const;
  const commit = createAuditedCommit({ ...options, trail: trailed ? trail : undefined });
  const permit: Permit = {
    tool: toolOf(tool),
    approved: APPROVED,
    input: { comment: 'Secret words' },
    caller: callerOf(),
    confirmed: 'person',
  };
  return { ...fake, events, entries, lines, commit: (more: Partial<Permit> = {}) => commit({ ...permit, ...more }) };
}

describe('a write', () => {
  test('is recorded before anything is sent, and again when it is done', async () => {
    const { events, commit } = setUp();
    expect(await commit()).toEqual({ status: 'closed' });
    expect(events).toEqual(['intent', 'sent', 'outcome']);
  });

  test('is not sent where it cannot be recorded', async () => {
    const fault = new Fault('audit_failed', 'The disk is full.');
    const { events, commit } = setUp({ lost: ['intent', fault] });
    await expect(commit()).rejects.toBe(fault);
    expect(events).toEqual(['intent']);
  });

  test('leaves who meant what, where, how and to what, and none of its words', async () => {
    const { entries, commit } = setUp();
    await commit();
    const [intent, outcome] = entries;
    expect(intent).toEqual({
      event: 'intent',
      time: expect.stringMatching(TIME),
      call: expect.stringMatching(/^[0-9a-f-]{36}$/),
      session: 's1',
      tool: 'mdca_close',
      client: { name: 'inspector', version: '1.2' },
      tenant: 'https://tenant.example',
      mode: 'confirm',
      confirmed: 'person',
      ids: ['a', 'b'],
      before: { a: 'open low', b: 'open high' },
    });
    expect(outcome).toEqual({
      event: 'outcome',
      time: expect.stringMatching(TIME),
      call: intent?.call,
      session: 's1',
      tool: 'mdca_close',
      code: 'ok',
      status: 'closed',
      after: { a: 'closed' },
      http_status: [200],
      duration_ms: expect.any(Number),
    });
    expect(JSON.stringify(entries)).not.toContain('Secret');
  });

  test('each has an id of its own', async () => {
    const { entries, commit } = setUp();
    await commit();
    await commit();
    expect(new Set(entries.map(({ call }) => call)).size).toBe(2);
  });

  test('is given the approved targets, the other arguments and an API for those targets alone', async () => {
    const commits: unknown[] = [];
    const { approved, commit } = setUp({
      tool: {
        async commit(approved, input) {
          commits.push(approved, input);
          return { status: 'closed' };
        },
      },
    });
    await commit();
    expect(commits).toEqual([APPROVED, { comment: 'Secret words' }]);
    expect(approved).toEqual([['a', 'b']]);
  });

  test('says how long it took, ms', async () => {
    vi.useFakeTimers({ toFake: ['performance'] });
    try {
      vi.advanceTimersByTime(50_000);
      const { entries, commit } = setUp({
        tool: {
          async commit() {
            vi.advanceTimersByTime(1_234.6);
            return { status: 'closed' };
          },
        },
      });
      await commit();
      expect(entries[1]?.duration_ms).toBe(1235);
    } finally {
      vi.useRealTimers();
    }
  });

  test('of several requests leaves the status of each', async () => {
    const { entries, commit } = setUp({
      tool: {
        async commit(_approved, _input, api) {
          const schema = toolOf().output.optional();
          await api.write(path`/close/`, schema, {});
          await api.write(path`/close/`, schema, {});
          return { status: 'closed' };
        },
      },
    });
    await commit();
    expect(entries[1]?.http_status).toEqual([200, 200]);
  });

  test('is carried out where no trail is kept', async () => {
    const { events, commit } = setUp({ trailed: false });
    expect(await commit()).toEqual({ status: 'closed' });
    expect(events).toEqual(['sent']);
  });
});

describe('who calls', () => {
  test('is recorded as text that harms no terminal, 60 characters of it', async () => {
    const { entries, commit } = setUp();
    await commit({
      caller: callerOf({ client: { session: 's1', name: `x\x1b[2J\u202e${'y'.repeat(80)}`, version: '' } }),
    });
    expect(entries[0]?.client).toEqual({ name: expect.stringMatching(/^xy+… \(\+\d+ characters\)$/), version: '' });
    expect(JSON.stringify(entries[0]?.client).length).toBeLessThanOrEqual(60 + '{"name":"","version":""}'.length);
  });

  test('may be this server itself', async () => {
    const { entries, commit } = setUp();
    const { client: _client, ...caller } = callerOf();
    await commit({ caller });
    for (const entry of entries) expect(entry.session).toBe('');
    expect(entries[0]?.client).toEqual({ name: '', version: '' });
  });
});

describe('a write that fails', () => {
  const REJECTED = new Fault('rejected', 'No.');
  const LOST = new Fault('connection_lost', 'Gone.', { mayHaveHappened: true });
  const before = { a: 'open low', b: 'open high' };
  const unknown = { a: 'unknown', b: 'unknown' };

  /** A commit whose request is answered before it fails. */
  const answeredThen = (error: Error): Partial<WriteTool> => ({
    async commit(_approved, _input, api) {
      await api.write(path`/close/`, toolOf().output.optional(), {});
      throw error;
    },
  });

  test.each<[string, SetUp, object]>([
    [
      'was not answered and certainly did nothing',
      { status: REJECTED },
      { code: 'rejected', after: before, http_status: [] },
    ],
    ['may have been carried out', { status: LOST }, { code: 'connection_lost', after: unknown, http_status: [] }],
    ['was answered', { tool: answeredThen(REJECTED) }, { code: 'rejected', after: unknown, http_status: [200] }],
    ['was answered by a failure', { tool: answeredThen(LOST) }, { code: 'connection_lost', after: unknown }],
    [
      'failed by a defect of ours',
      { status: new TypeError('x') },
      { code: 'internal', after: before, http_status: [] },
    ],
  ])('and %s is recorded so, and its error goes on', async (_what, how, outcome) => {
    const { entries, commit } = setUp(how);
    await expect(commit()).rejects.toThrow();
    expect(entries.map(({ event }) => event)).toEqual(['intent', 'outcome']);
    expect(entries[1]).toMatchObject(outcome);
    expect(entries[1]).not.toHaveProperty('status');
  });

  test('keeps its own error where the outcome cannot be recorded either', async () => {
    const { commit } = setUp({ status: LOST, lost: ['outcome', new Fault('audit_failed', 'The disk is full.')] });
    await expect(commit()).rejects.toBe(LOST);
  });
});

describe('an outcome that cannot be recorded', () => {
  const DETAIL = 'The audit trail has the intent but not this outcome: The disk is full.';
  const lost = ['outcome', new Fault('audit_failed', 'The disk is full.')] as const;

  test('hides nothing of what was done, and is told', async () => {
    const { events, commit } = setUp({ lost });
    expect(await commit()).toEqual({ status: 'closed', warning: DETAIL });
    expect(events).toEqual(['intent', 'sent', 'outcome']);
  });

  test('is told behind what the tool warns of', async () => {
    const tool = { commit: async () => ({ status: 'partial', warning: 'One is still open.' }) };
    expect((await setUp({ lost, tool }).commit()).warning).toBe(`One is still open. ${DETAIL}`);
  });

  test('is logged with the place of its error', async () => {
    const { lines, commit } = setUp({ lost });
    await commit();
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { level: 'error', message: 'audit', error: { name: 'Fault' } },
    ]);
  });
});
