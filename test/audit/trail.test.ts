import { execFileSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import {
  appendFileSync,
  chmodSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { openLocked } from '../../src/audit/lock.ts';
import { createTrail } from '../../src/audit/trail.ts';
import { formatLine } from '../../src/audit/trail_line.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { Fault } from '../../src/core/errors.ts';
import { appender, fill, intent, linesOf, newFile, outcome } from './files.ts';

const posix = test.skipIf(process.platform === 'win32');
const headOf = (file: string) => `${file}.head`;
const modeOf = (path: string) => statSync(path).mode & 0o777;
const broken = async (file: string) => (await verifyTrail(file)).broken;

/** The detail of the Fault that an append fails with; `check` fails with the same. */
async function refusal(file: string): Promise<string> {
  const error = await createTrail(file, { patience: 100 })
    .append(intent())
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(Fault);
  expect(error.code).toBe('audit_failed');
  expect(
    await createTrail(file, { patience: 100 })
      .check()
      .catch((thrown) => thrown.detail),
  ).toBe(error.detail);
  return error.detail;
}

describe('one file under two names', () => {
  test.each(['link', 'symlink'] as const)('by %s is one chain', async (how) => {
    const file = newFile();
    await createTrail(file).append(intent());
    const other = `${file}.other`;
    ({ link: linkSync, symlink: symlinkSync })[how](file, other);
    const trails = [createTrail(file), createTrail(other), createTrail(file), createTrail(other)];
    await Promise.all(trails.flatMap((trail) => Array.from({ length: 25 }, () => trail.append(intent()))));
    expect(await verifyTrail(file)).toMatchObject({ broken: undefined, lines: 101 });
    expect(await verifyTrail(other)).toMatchObject({ broken: undefined, lines: 101 });
  });
});

test('a file that is no trail keeps its mode, and no head is made beside a directory', async () => {
  const file = newFile();
  writeFileSync(file, 'somebody else needs this\n', { mode: 0o644 });
  chmodSync(file, 0o644);
  await refusal(file);
  expect(modeOf(file)).toBe(0o644);
  const folder = newFile();
  mkdirSync(folder);
  expect(await refusal(folder)).toMatch(/not a regular file/);
  expect(existsSync(headOf(folder))).toBe(false);
  expect(await refusal(`${folder}/none/audit.jsonl`)).toMatch(/^The folder of the audit file cannot be found/);
});

describe('lines', () => {
  test('are JSON objects: n, the entry in its order, prev, sum', async () => {
    const file = newFile();
    const call = randomUUID();
    await createTrail(file).append(intent(call, { 7: 'seven', text: 'two\nlines\u2028', '\ud800': null }));
    await createTrail(file).append(outcome(call));
    const [first = '', second = '', ...more] = linesOf(file);
    expect(more).toEqual([]);
    expect(first).toMatch(/^\{"n":1,.*"event":"intent".*"text":"two\\nlines.*,"prev":"0{64}","sum":"[0-9a-f]{64}"\}$/s);
    expect(Object.keys(JSON.parse(second))).toEqual(['n', 'event', 'call', 'time', 'status', 'prev', 'sum']);
    expect(await verifyTrail(file)).toMatchObject({ lines: 2, intents: 1, outcomes: 1, open: [], broken: undefined });
  });

  test('keep the order of the calls, also when none waits for the one before', async () => {
    const file = newFile();
    const trail = createTrail(file);
    const calls = Array.from({ length: 200 }, () => randomUUID());
    await Promise.all(calls.map((call) => trail.append(intent(call))));
    expect(linesOf(file).map((line) => JSON.parse(line).call)).toEqual(calls);
    expect(await broken(file)).toBeUndefined();
  });

  test('of two trails in one process form one chain', async () => {
    const file = newFile();
    await Promise.all([fill(createTrail(file), 30), fill(createTrail(file), 30)]);
    expect(await verifyTrail(file)).toMatchObject({ lines: 60, open: [], broken: undefined });
  });

  test('that are too long are refused, and the next one is written', async () => {
    const file = newFile();
    const trail = createTrail(file);
    await expect(trail.append(intent(randomUUID(), { text: 'x'.repeat(2 ** 20) }))).rejects.toThrow(
      'audit_failed: The entry is too long',
    );
    await trail.append(intent(randomUUID(), { text: 'x'.repeat(2 ** 19) }));
    await trail.append(intent());
    expect(await verifyTrail(file)).toMatchObject({ lines: 2, broken: undefined });
  });
});

describe('files', () => {
  posix('can be read by their owner alone, even if others could read them before', async () => {
    const file = newFile();
    await createTrail(file).check();
    expect([modeOf(file), modeOf(headOf(file))]).toEqual([0o600, 0o600]);
    chmodSync(file, 0o644);
    chmodSync(headOf(file), 0o666);
    await createTrail(file).append(intent());
    expect([modeOf(file), modeOf(headOf(file))]).toEqual([0o600, 0o600]);
  });

  test('check makes them and writes no line', async () => {
    const file = newFile();
    await createTrail(file).check();
    await createTrail(file).check();
    expect(statSync(file).size).toBe(0);
    expect(await verifyTrail(file)).toMatchObject({ lines: 0, hasHead: true, broken: undefined });
  });

  test('a renamed file is continued by the new one', async () => {
    const file = newFile();
    const trail = createTrail(file);
    await fill(trail, 5);
    const last = createHash('sha256')
      .update(linesOf(file)[4] ?? '')
      .digest('hex');
    const call = JSON.parse(linesOf(file)[4] ?? '').call;
    renameSync(file, `${file}.1`);
    await trail.check();
    expect(readFileSync(headOf(file), 'utf8')).toContain(`"lines":${'0'.padStart(16)},`);
    await trail.append(outcome(call));
    expect(JSON.parse(linesOf(file)[0] ?? '')).toMatchObject({ n: 1, prev: last });
    expect(await verifyTrail(file)).toMatchObject({ lines: 1, continues: last, carried: 1, broken: undefined });
    expect(await verifyTrail(`${file}.1`)).toMatchObject({ lines: 5, hasHead: false, broken: undefined });
  });

  test('a new file continues the renamed one, even if the process was killed after it had reset the head', async () => {
    const file = newFile();
    const trail = createTrail(file);
    await fill(trail, 2);
    renameSync(file, `${file}.1`);
    await trail.check();
    rmSync(file);
    await fill(trail, 2);
    expect((await verifyTrail(file)).continues).toMatch(/^(?!0{64})[0-9a-f]{64}$/);
  });

  test.each([
    ['deleted', (head: string) => rmSync(head)],
    ['emptied', (head: string) => writeFileSync(head, '')],
    ['of another form', (head: string) => writeFileSync(head, readFileSync(head, 'utf8').replace(/ \d/, '-1'))],
    [
      'impossible',
      (head: string) => writeFileSync(head, readFileSync(head, 'utf8').replace(/.{8}(,"hash)/, '99999999$1')),
    ],
  ])('a head that is %s is made again from the file', async (_, spoil) => {
    const file = newFile();
    await fill(createTrail(file), 4);
    const before = readFileSync(headOf(file), 'utf8');
    spoil(headOf(file));
    expect(await verifyTrail(file)).toMatchObject({ hasHead: false, lines: 4, broken: undefined });
    await createTrail(file).check();
    expect(readFileSync(headOf(file), 'utf8')).toBe(before);
    await fill(createTrail(file), 2);
    expect(await verifyTrail(file)).toMatchObject({ hasHead: true, lines: 6, broken: undefined });
  });
});

describe('a killed process', () => {
  test('may leave lines that its head does not know', async () => {
    const file = newFile();
    const trail = createTrail(file);
    await fill(trail, 2);
    const behind = readFileSync(headOf(file));
    await fill(trail, 4);
    writeFileSync(headOf(file), behind);
    expect(await verifyTrail(file)).toMatchObject({ lines: 6, broken: undefined });
    await fill(trail, 2);
    expect(await verifyTrail(file)).toMatchObject({ lines: 8, broken: undefined });
  });

  test('may leave any part of a line, which the next check removes', async () => {
    const file = newFile();
    const trail = createTrail(file);
    for (const lines of [0, 1, 2]) {
      await trail.check();
      const line = formatLine(lines + 1, intent(), '0'.repeat(64));
      for (const length of [1, 100, 250, line.length - 1]) {
        appendFileSync(file, line.subarray(0, length));
        expect(await verifyTrail(file)).toMatchObject({ lines, hasUnfinished: true, broken: undefined });
        await trail.check();
        expect(await verifyTrail(file)).toMatchObject({ lines, hasUnfinished: false, broken: undefined });
      }
      await trail.append(intent());
    }
  });
});

describe('refused', () => {
  const damages: [what: string, line: number, damage: (file: string) => void][] = [
    ['emptied', 1, (file) => truncateSync(file)],
    ['cut in its last line', 4, (file) => truncateSync(file, statSync(file).size - 10)],
    ['without its last newline', 4, (file) => truncateSync(file, statSync(file).size - 1)],
    ['with its last line edited', 4, (file) => edit(file, (text) => text.replace(/done(?=[^\n]*\n$)/, 'none'))],
    ['with its last line longer', 4, (file) => edit(file, (text) => text.replace(/"\}\n$/, '"}   '))],
    ['with a foreign line at the end', 5, (file) => appendFileSync(file, 'hello\n')],
    ['with a line written twice', 5, (file) => appendFileSync(file, `${linesOf(file)[3]}\n`)],
  ];
  const edit = (file: string, change: (text: string) => string) =>
    writeFileSync(file, change(readFileSync(file, 'utf8')));

  test.each(damages)('a file %s', async (_, line, damage) => {
    const file = newFile();
    await fill(createTrail(file), 4);
    damage(file);
    const before = readFileSync(file);
    expect(await refusal(file)).toMatch(
      /^The audit file is damaged \((its end is missing|line [45]: .*)\): run verify-audit, then move the file away/,
    );
    expect(readFileSync(file)).toEqual(before);
    expect(await broken(file)).toMatchObject({ line });
    renameSync(file, `${file}.damaged`);
    await fill(createTrail(file), 2);
    expect(await verifyTrail(file)).toMatchObject({ lines: 2, broken: undefined });
  });

  test.each([
    ['foreign', 'hello\nworld\n', 1],
    ['cut short', '{"n":1', 1],
    ['whole but for its last newline', formatLine(1, intent(), '0'.repeat(64)).toString().trimEnd(), 1],
  ])('without a head a file that is %s', async (_, content, line) => {
    const file = newFile();
    writeFileSync(file, content);
    expect(await refusal(file)).toContain(`damaged (line ${line}: it `);
    expect(readFileSync(file, 'utf8')).toBe(content);
  });

  test('a directory, and a file in a directory that does not exist', async () => {
    const file = newFile();
    mkdirSync(file);
    expect(await refusal(file)).toBe('The audit file is not a regular file.');
    expect(await refusal(`${file}/no/audit`)).toBe('The folder of the audit file cannot be found (ENOENT).');
  });

  posix('a named pipe, without waiting for its other end', async () => {
    const file = newFile();
    execFileSync('sh', ['-c', 'mkfifo "$0"', file]);
    expect(await refusal(file)).toBe('The audit file is not a regular file.');
    await expect(verifyTrail(file)).rejects.toThrow(/^cannot be read: not a regular file$/);
  });

  posix('a link to itself, and one to nothing', async () => {
    const [file, head, nothing] = [newFile(), newFile(), newFile()];
    symlinkSync(file, file);
    expect(await refusal(file)).toBe('The audit file could not be opened (ELOOP).');
    symlinkSync(headOf(head), headOf(head));
    expect(await refusal(head)).toBe("The audit file's head is a link, which is not followed: remove it.");
    symlinkSync(`${nothing}.x`, nothing);
    expect(await refusal(nothing)).toBe('The audit file could not be created (EEXIST).');
    expect(existsSync(`${nothing}.x`)).toBe(false);
  });

  test.skipIf(!existsSync('/dev/full'))('a device', async () => {
    expect(await refusal('/dev/full')).toMatch(/^The audit file/);
  });

  posix('a line for which there is no room; the part of it that was written is removed', async () => {
    const file = newFile();
    const script = `
      for (let n = 0; ; n++) {
        try { await trail.append(entry(n, 100)); done(n); }
        catch (error) { console.error(error.code + ': ' + error.detail); break; }
      }`;
    const { done, ended } = appender(file, 'a', script, 8);
    expect((await ended).stderr).toBe('audit_failed: The audit file could not be written (EFBIG).\n');
    const lines = done().length;
    expect(lines).toBeGreaterThan(5);
    expect(await verifyTrail(file)).toMatchObject({ lines, hasUnfinished: false, broken: undefined });
    await createTrail(file).append(intent());
    expect(await verifyTrail(file)).toMatchObject({ lines: lines + 1, broken: undefined });
  });
});

describe('the lock', () => {
  test('is waited for as long as patience lasts, and no failure blocks the next append', async () => {
    const file = newFile();
    const trail = createTrail(file, { patience: 20 });
    const { release } = await openLocked(headOf(file), performance.now());
    const both = await Promise.allSettled([trail.append(intent()), trail.check()]);
    expect(both.map((end) => 'reason' in end && end.reason.detail)).toEqual([
      'The audit file stayed locked by another process.',
      'The audit file stayed locked by another process.',
    ]);
    await release();
    await trail.append(intent());
    expect(await verifyTrail(file)).toMatchObject({ lines: 1, broken: undefined });
  });

  test('on a head that was moved away meanwhile is taken again on the new head', async () => {
    const file = newFile();
    const trail = createTrail(file);
    await fill(trail, 2);
    const { release } = await openLocked(headOf(file), performance.now());
    const waiting = trail.append(intent());
    await sleep(20);
    renameSync(headOf(file), `${headOf(file)}.old`);
    await release();
    await waiting;
    expect(readFileSync(headOf(file), 'utf8')).toContain(`"lines":${'3'.padStart(16)},`);
    expect(readFileSync(`${headOf(file)}.old`, 'utf8')).toContain(`"lines":${'2'.padStart(16)},`);
  });

  test('on a head in whose place another stands is taken again on that one', async () => {
    const file = newFile();
    const trail = createTrail(file);
    await fill(trail, 2);
    const { release } = await openLocked(headOf(file), performance.now());
    const waiting = trail.append(intent());
    await sleep(20);
    renameSync(headOf(file), `${headOf(file)}.old`);
    copyFileSync(`${headOf(file)}.old`, headOf(file));
    await release();
    await waiting;
    expect(readFileSync(headOf(file), 'utf8')).toContain(`"lines":${'3'.padStart(16)},`);
    expect(await verifyTrail(file)).toMatchObject({ lines: 3, broken: undefined });
  });
});
