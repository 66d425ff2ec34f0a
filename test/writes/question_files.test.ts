import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createQuestionFiles } from '../../src/writes/question_files.ts';
import { createTestLog } from './parts.ts';

const KEPT_MS = 600_000;
const QUESTION = { nonce: 'a/../b', until: 1_000 };
/** That a mode refuses something shows only to users whom it binds. */
const isRoot = process.getuid?.() === 0;

let place: string;
let folder: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'questions-'));
  folder = join(place, 'key.questions');
});
afterEach(() => rmSync(place, { recursive: true }));

/** A process that keeps its questions in a folder. */
function startProcess(at = folder, now = () => 0) {
  const { log, lines } = createTestLog();
  return { ...createQuestionFiles(at, log, now), lines };
}

/** The folder of the only question. */
const only = () => join(folder, readdirSync(folder)[0] ?? '');

test('nothing is made before a question is put, and then only for this user', async () => {
  const { put, take } = startProcess();
  expect(await take(QUESTION)).toBe('unknown');
  expect(existsSync(folder)).toBe(false);
  await put(QUESTION);
  await take(QUESTION);
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/^1000-[\da-f]{32}$/)]);
  const modes = [folder, only(), join(only(), 'used')].map((path) => statSync(path).mode & 0o777);
  expect(modes).toEqual([0o700, 0o700, 0o600]);
});

test('of 20 answers at several processes one is taken, and given back for all', async () => {
  const [one, other, third] = [startProcess(), startProcess(), startProcess()];
  await one.put(QUESTION);
  const takes = Array.from({ length: 20 }, (_, n) => (n % 2 ? one : other).take(QUESTION));
  expect((await Promise.all(takes)).sort()).toEqual(['taken', ...Array(19).fill('used')]);
  expect(await third.take(QUESTION)).toBe('used');
  await third.giveBack(QUESTION);
  expect(await other.take(QUESTION)).toBe('taken');
  expect(await one.take(QUESTION)).toBe('used');
});

test('a process that sees another folder, or a copy from before the question, takes no answer', async () => {
  const [one, other] = [startProcess(), startProcess(join(place, 'copy'))];
  await one.put({ nonce: 'first', until: 1_000 });
  cpSync(folder, join(place, 'copy'), { recursive: true });
  await one.put(QUESTION);
  expect(await other.take(QUESTION)).toBe('unknown');
  expect(await one.take(QUESTION)).toBe('taken');
});

test('a question whose folder is removed is forgotten, used or not', async () => {
  const { put, take } = startProcess();
  await put(QUESTION);
  await take(QUESTION);
  rmSync(folder, { recursive: true });
  expect(await take(QUESTION)).toBe('unknown');
});

test.each<[string, () => void]>([
  ['is a file', () => writeFileSync(folder, '')],
  ['is a link to a folder', () => symlinkSync(place, folder)],
  ['is a link to nothing', () => symlinkSync(join(place, 'nothing'), folder)],
])('where the folder %s, questions are open in their own process, which says so once', async (_what, spoil) => {
  spoil();
  const before = readdirSync(place);
  const [one, other] = [startProcess(), startProcess()];
  await one.put(QUESTION);
  await one.put({ nonce: 'b', until: 1_000 });
  expect(one.lines).toEqual([expect.stringMatching(/"warn".*at this process only/)]);
  expect(await other.take(QUESTION)).toBe('unknown');
  expect(await one.take(QUESTION)).toBe('taken');
  expect(await one.take(QUESTION)).toBe('used');
  await one.giveBack(QUESTION);
  expect(await one.take(QUESTION)).toBe('taken');
  expect(readdirSync(place)).toEqual(before);
});

test('a folder that becomes a link is not followed, though the question is behind it', async () => {
  const { put, take } = startProcess();
  await put(QUESTION);
  cpSync(folder, join(place, 'behind'), { recursive: true });
  rmSync(folder, { recursive: true });
  symlinkSync(join(place, 'behind'), folder);
  expect(await take(QUESTION)).toBe('unknown');
});

test('an answer whose use cannot be noted is not taken', async () => {
  const { put, take } = startProcess();
  await put(QUESTION);
  const path = only();
  rmSync(path, { recursive: true });
  writeFileSync(path, '');
  await expect(take(QUESTION)).rejects.toMatchObject({
    code: 'store_away',
    detail: 'That the answer is used cannot be noted in a file (ENOTDIR).',
  });
});

test.skipIf(isRoot)('a folder that this user may not write keeps questions in their own process', async () => {
  mkdirSync(folder, { mode: 0o500 });
  const [one, other] = [startProcess(), startProcess()];
  await one.put(QUESTION);
  expect(await other.take(QUESTION)).toBe('unknown');
  expect(await one.take(QUESTION)).toBe('taken');
});

test.runIf(isRoot)('a folder of another user, who could remove what is in it, is not believed', async () => {
  const one = startProcess();
  await one.put(QUESTION);
  chownSync(folder, 65_534, 65_534);
  expect(await one.take(QUESTION)).toBe('unknown');
  await one.put({ ...QUESTION, nonce: 'b' });
  expect(await one.take({ ...QUESTION, nonce: 'b' })).toBe('taken');
  expect(one.lines).toHaveLength(1);
});

test('questions long past are removed, and nothing else', async () => {
  let now = 0;
  const { put, take } = startProcess(folder, () => now);
  await put(QUESTION);
  await take(QUESTION);
  mkdirSync(join(folder, '1000-of-somebody-else'));
  now = 1_000 + KEPT_MS - 1;
  await put({ nonce: 'b', until: now + 1 });
  expect(await take(QUESTION)).toBe('used');
  now++;
  await put({ nonce: 'c', until: now + 1 });
  expect(await take(QUESTION)).toBe('unknown');
  expect(readdirSync(folder)).toHaveLength(3);
});
