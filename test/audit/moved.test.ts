import { appendFileSync, copyFileSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTrail } from '../../src/audit/trail.ts';
import { NO_LINE, sha256 } from '../../src/audit/trail_line.ts';
import { verifyTrail } from '../../src/audit/verify.ts';
import { appender, fill, intent, linesOf, newFile } from './files.ts';

/** How a trail begins before a process is killed that appends to it. */
const BEGINNINGS: Record<string, (file: string) => Promise<void>> = {
  'there is no file': async () => {},
  'the file is empty': (file) => createTrail(file).check(),
  'it has lines': (file) => fill(createTrail(file), 3),
  'the file has just been rotated': async (file) => {
    await fill(createTrail(file), 3);
    renameSync(file, `${file}.0`);
    await createTrail(file).check();
  },
};

/** A script that appends two lines, and is killed before its n-th change of a file, counted from 0. */
const killedAt = (n: number) => `
  import { open } from 'node:fs/promises';
  const handle = await open(process.execPath);
  const methods = Object.getPrototypeOf(handle);
  await handle.close();
  let left = ${n};
  for (const name of ['write', 'datasync', 'sync', 'truncate', 'chmod']) {
    const change = methods[name];
    methods[name] = function (...args) {
      if (left-- === 0) process.kill(process.pid, 'SIGKILL');
      return change.apply(this, args);
    };
  }
  await trail.check();
  for (const n of [1, 2]) await trail.append(entry(n));
`;

const headOf = (file: string) => `${file}.head`;
const hashOfLast = (file: string) => sha256(linesOf(file).at(-1) ?? '');
const firstOf = (file: string) => JSON.parse(linesOf(file)[0] ?? '');

describe.each(Object.entries(BEGINNINGS))('where %s', (_state, begin) => {
  test('a process killed at any point, then a rotation: the new file goes on from the last line', async () => {
    for (let n = 0; ; n++) {
      const file = newFile();
      await begin(file);
      const { code } = await appender(file, 'a', killedAt(n)).ended;
      const lines = existsSync(file) ? linesOf(file) : [];
      if (existsSync(file)) renameSync(file, `${file}.1`);
      await createTrail(file).append(intent());
      const older = existsSync(`${file}.0`) ? hashOfLast(`${file}.0`) : NO_LINE;
      expect(firstOf(file).prev, `killed at change ${n}`).toBe(lines.length > 0 ? sha256(lines.at(-1) ?? '') : older);
      expect(await verifyTrail(file)).toMatchObject({ broken: undefined, lines: 1, hasHead: true });
      if (code === null) continue;
      expect(code).toBe(0);
      expect(n).toBeGreaterThan(5);
      return;
    }
  });
});

/** A trail of five lines whose head knows three, as if the process had been killed. */
async function behind(): Promise<string> {
  const file = newFile();
  await fill(createTrail(file), 3);
  const head = readFileSync(headOf(file));
  await fill(createTrail(file), 2);
  writeFileSync(headOf(file), head);
  return file;
}

test('a check takes lines that the head does not know into the head', async () => {
  const file = await behind();
  await createTrail(file).check();
  expect(readFileSync(headOf(file), 'utf8')).toContain(`"lines":${'5'.padStart(16)},`);
});

test.each(['audit.jsonl.1', 'audit-20260105', 'audit.1.jsonl', 'audit.jsonl.2026-01-05', 'audit.old'])(
  'a file moved to %s is found',
  async (name) => {
    const file = await behind();
    const moved = join(dirname(file), name);
    renameSync(file, moved);
    await createTrail(file).append(intent());
    expect(firstOf(file).prev).toBe(hashOfLast(moved));
  },
);

test('a part of a line at its end, and lines that are no lines of the trail, count for nothing', async () => {
  for (const rest of ['{"n":6,', 'hello\n', '\n']) {
    const file = await behind();
    const last = hashOfLast(file);
    appendFileSync(file, rest);
    renameSync(file, `${file}.1`);
    await createTrail(file).append(intent());
    expect(firstOf(file).prev).toBe(last);
  }
});

test('of several copies the one that goes on the furthest counts', async () => {
  const file = await behind();
  writeFileSync(`${file}.1`, `${linesOf(file).slice(0, 4).join('\n')}\n`);
  copyFileSync(`${file}.1`, `${file}.3`);
  renameSync(file, `${file}.2`);
  await createTrail(file).append(intent());
  expect(firstOf(file).prev).toBe(hashOfLast(`${file}.2`));
});

test('a file elsewhere, an edited one and another trail are not gone on from', async () => {
  for (const place of [
    (file: string) => {
      mkdirSync(join(dirname(file), 'old'));
      renameSync(file, join(dirname(file), 'old', 'audit.jsonl'));
    },
    (file: string) => {
      writeFileSync(`${file}.1`, readFileSync(file, 'utf8').replaceAll('intent', 'intend'));
      renameSync(file, join(dirname(file), 'elsewhere'));
    },
  ]) {
    const file = await behind();
    const known = sha256(linesOf(file)[2] ?? '');
    place(file);
    await createTrail(file).append(intent());
    expect(firstOf(file).prev).toBe(known);
  }
});

test('another trail in the folder, which has a head of its own, is never gone on from', async () => {
  const file = newFile();
  await createTrail(file).check();
  await fill(createTrail(join(dirname(file), 'audit-2.jsonl')), 2);
  renameSync(file, join(dirname(file), 'elsewhere'));
  await createTrail(file).append(intent());
  expect(firstOf(file).prev).toBe(NO_LINE);
});
