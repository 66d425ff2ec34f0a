import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { verifyTrail } from '../../src/audit/verify.ts';
import { textOf, withFixture } from '../fixture.ts';
import { ROOT } from '../process.ts';
import { argsFor, idsFor, openIds, WRITES } from '../samples.ts';
import { agrees, codeOf, expectSentOnce, writesOf } from './writing.ts';

let directory: string;
let file: string;
let count = 0;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'mdca-audit-'));
});
beforeEach(() => {
  file = join(directory, `audit-${count++}.jsonl`);
});
afterAll(() => rmSync(directory, { recursive: true }));

type Line = Record<string, unknown> & { before?: Record<string, string>; after?: Record<string, string> };

const linesOf = (path = file): Line[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));

/** Runs the command `verify-audit` of the built server. */
function verify(path = file): { code: number; out: string } {
  try {
    const args = ['dist/main.js', 'verify-audit', path];
    return { code: 0, out: execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' }) };
  } catch (error) {
    const { status, stdout, stderr } = error as { status: number; stdout: string; stderr: string };
    return { code: status, out: stdout + stderr };
  }
}

const settings = (writes: string) => ({ environment: { MDCA_WRITES: writes, MDCA_AUDIT_FILE: file } });

describe.each(WRITES)('%s', (name, tool) => {
  test.each(['allow', 'person', 'code'])('leaves an intent and an outcome, confirmed by %s', async (how) => {
    const confirmed = how === 'allow' ? 'not_asked' : how;
    await withFixture(
      async (fixture) => {
        const args = argsFor(name);
        const confirm = how === 'code' ? codeOf(await fixture.call(name, args)) : undefined;
        const { structuredContent } = await fixture.call(name, { ...args, confirm });
        const [intent, outcome, ...others] = linesOf();
        expect(others).toEqual([]);
        const ids = idsFor(tool);
        expect(intent).toMatchObject({
          n: 1,
          event: 'intent',
          tool: name,
          ids,
          mode: how === 'allow' ? 'allow' : 'confirm',
          confirmed,
          client: { name: 'test', version: '1.0.0' },
          tenant: fixture.emulator.url,
        });
        expect(outcome).toMatchObject({
          n: 2,
          event: 'outcome',
          call: intent?.call,
          session: intent?.session,
          tool: name,
          code: 'ok',
          status: structuredContent?.status,
          http_status: writesOf(fixture).map(() => 200),
        });
        expect(outcome?.duration_ms).toBeTypeOf('number');
        expect(Object.keys(intent?.before ?? {})).toEqual(ids);
        expect(Object.keys(outcome?.after ?? {})).toEqual(ids);
        for (const id of ids) expect(outcome?.after?.[id]).not.toBe(intent?.before?.[id]);
        for (const line of [intent, outcome]) expect(line?.time).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
        expectSentOnce(fixture);
      },
      { ...settings(how === 'allow' ? 'allow' : 'confirm'), ...(how === 'person' && { person: agrees }) },
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await verifyTrail(file)).toMatchObject({ broken: undefined, lines: 2, intents: 1, outcomes: 1 });
  });
});

test('the trail holds no text of people, no body and no credential', () =>
  withFixture(async (fixture) => {
    for (const alert of fixture.emulator.state.alerts) alert.title = 'PLANTED-TITLE';
    const args = { ...argsFor('mdca_close_alert_benign'), comment: 'PLANTED-COMMENT' };
    await fixture.call('mdca_close_alert_benign', args);
    const text = readFileSync(file, 'utf8');
    expect(text).not.toMatch(/PLANTED/);
    expect(text).not.toContain(fixture.emulator.token);
  }, settings('allow')));

test('the intent is in the file before the write is answered', () =>
  withFixture(async (fixture) => {
    fixture.emulator.fault({ kind: 'slow', delayMs: 300, path: 'close_benign' });
    const call = fixture.call('mdca_close_alert_benign', argsFor('mdca_close_alert_benign'));
    await expect.poll(() => writesOf(fixture).length).toBe(1);
    expect(linesOf().map(({ event }) => event)).toEqual(['intent']);
    expect(await verifyTrail(file)).toMatchObject({ intents: 1, outcomes: 0 });
    await call;
    expect(linesOf().map(({ event }) => event)).toEqual(['intent', 'outcome']);
  }, settings('allow')));

test('a failed write is recorded with its code and HTTP status; three calls of one tool call are one write', () =>
  withFixture(async (fixture) => {
    fixture.emulator.fault({ kind: 'status', status: 403, path: 'close_benign' });
    const failed = await fixture.call('mdca_close_alert_benign', argsFor('mdca_close_alert_benign'));
    expect(failed.isError).toBe(true);
    expect(linesOf()[1]).toMatchObject({ event: 'outcome', code: 'forbidden', http_status: [403] });
    const { alerts } = fixture.emulator.state;
    const copies = Array.from({ length: 250 }, (_, n) => ({
      ...structuredClone(alerts[0]),
      _id: `${'a'.repeat(18)}${n.toString(16).padStart(6, '0')}`,
      resolutionStatusValue: 0,
    }));
    alerts.push(...(copies as typeof alerts));
    await fixture.call('mdca_close_alert_benign', { alert_ids: copies.map(({ _id }) => _id) });
    expect(linesOf()[2]?.ids).toHaveLength(250);
    expect(linesOf()[3]).toMatchObject({ code: 'ok', status: 'closed', http_status: [200, 200, 200] });
  }, settings('allow')));

test.each([
  ['is declined', { person: () => ({ action: 'decline' as const }) }],
  ['waits for its confirmation', {}],
])('a write that %s leaves no line', (_what, options) =>
  withFixture(
    async (fixture) => {
      await fixture.call('mdca_close_alert_benign', argsFor('mdca_close_alert_benign'));
      expect(readFileSync(file, 'utf8')).toBe('');
    },
    { ...settings('confirm'), ...options },
  ),
);

describe('a trail that cannot be written', () => {
  const places: readonly [string, () => string][] = [
    ['a directory', () => directory],
    ['a file in no directory', () => join(directory, 'nowhere', 'audit.jsonl')],
    [
      'a damaged trail',
      () => {
        writeFileSync(file, 'this is no trail\n');
        return file;
      },
    ],
    [
      'a device',
      () => {
        symlinkSync('/dev/full', file);
        return file;
      },
    ],
  ];

  test.each(places)('%s: no write is sent, and the error says why; reads still work', (_what, place) => {
    const environment = { MDCA_WRITES: 'allow', MDCA_AUDIT_FILE: place() };
    return withFixture(
      async (fixture) => {
        for (const [name] of WRITES) {
          const result = await fixture.call(name, argsFor(name));
          expect(result.isError).toBe(true);
          expect(textOf(result)).toMatch(/^audit_failed: /);
        }
        expect(writesOf(fixture)).toEqual([]);
        expect((await fixture.call('mdca_get_open_alerts')).isError).toBeFalsy();
      },
      { environment },
    );
  });
});

test('the answer warns where its outcome could not be recorded', () =>
  withFixture(async (fixture) => {
    fixture.emulator.fault({ kind: 'slow', delayMs: 300, path: 'close_benign' });
    const call = fixture.call('mdca_close_alert_benign', argsFor('mdca_close_alert_benign'));
    await expect.poll(() => writesOf(fixture).length).toBe(1);
    writeFileSync(file, 'damaged meanwhile\n');
    const { structuredContent } = await call;
    expect(structuredContent).toMatchObject({ status: 'closed', warning: expect.stringMatching(/not this outcome/) });
    expect(fixture.logged.join('\n')).toContain('"audit"');
  }, settings('allow')));

test('nobody is asked to confirm a write that cannot be recorded', () =>
  withFixture(
    async (fixture) => {
      const result = await fixture.call('mdca_close_alert_benign', argsFor('mdca_close_alert_benign'));
      expect(textOf(result)).toMatch(/^audit_failed: /);
      expect(fixture.emulator.requests).toEqual([]);
    },
    {
      environment: { MDCA_WRITES: 'confirm', MDCA_AUDIT_FILE: directory },
      person: () => Promise.reject(new Error('asked')),
    },
  ));

describe('verify-audit', () => {
  test('names the first broken line and exits with 1, or with 2 where the file cannot be read', async () => {
    await withFixture(async (fixture) => {
      for (const id of openIds(fixture.emulator.state.alerts, 3)) {
        await fixture.call('mdca_close_alert_benign', { alert_ids: [id] });
      }
    }, settings('allow'));
    expect(verify()).toMatchObject({ code: 0, out: expect.stringMatching(/^OK: 6 lines, 3 writes/) });
    const lines = readFileSync(file, 'utf8').split('\n');
    lines[2] = lines[2]?.replace('"confirmed":"not_asked"', '"confirmed":"person"') ?? '';
    writeFileSync(file, lines.join('\n'));
    expect(verify()).toMatchObject({ code: 1, out: expect.stringMatching(/^BROKEN at line 3: /) });
    expect(verify(join(directory, 'none.jsonl'))).toMatchObject({ code: 2, out: expect.stringContaining('ENOENT') });
  });
});
