import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { createLocalQuestions, type OpenQuestions } from '../../src/writes/open_questions.ts';
import { createQuestionFiles } from '../../src/writes/question_files.ts';
import { createTestLog } from './parts.ts';

const folder = mkdtempSync(join(tmpdir(), 'questions-'));
writeFileSync(join(folder, 'file'), '');
afterAll(() => rmSync(folder, { recursive: true }));

const QUESTION = { nonce: 'a', until: 10 };
const OTHER = { nonce: 'b', until: 10 };

let made = 0;
const KEEPERS: [string, (now?: () => number) => OpenQuestions][] = [
  ['in memory', createLocalQuestions],
  ['in files', (now) => createQuestionFiles(join(folder, `${++made}`), createTestLog().log, now)],
  [
    'in memory, because no file can be made',
    (now) => createQuestionFiles(join(folder, 'file'), createTestLog().log, now),
  ],
];

describe.each(KEEPERS)('open questions %s', (_where, create) => {
  test('one answer is taken, of 20 at once too, and each question by itself', async () => {
    const questions = create(() => 0);
    await questions.put(QUESTION);
    await questions.put(OTHER);
    const taken = await Promise.all(Array.from({ length: 20 }, () => questions.take(QUESTION)));
    expect(taken.sort()).toEqual(['taken', ...Array(19).fill('used')]);
    expect(await questions.take(QUESTION)).toBe('used');
    expect(await questions.take(OTHER)).toBe('taken');
  });

  test('what was not put is unknown, also after it was given back', async () => {
    const questions = create(() => 0);
    expect(await questions.take(QUESTION)).toBe('unknown');
    await questions.put(OTHER);
    await questions.giveBack(QUESTION);
    expect(await questions.take(QUESTION)).toBe('unknown');
  });

  test('what is given back is taken once more', async () => {
    const questions = create(() => 0);
    await questions.put(QUESTION);
    await questions.giveBack(QUESTION);
    expect(await questions.take(QUESTION)).toBe('taken');
    await questions.giveBack(QUESTION);
    expect(await Promise.all([questions.take(QUESTION), questions.take(QUESTION)])).toEqual(
      expect.arrayContaining(['taken', 'used']),
    );
  });

  test('what is used stays used until its time is over', async () => {
    let now = 0;
    const questions = create(() => now);
    await questions.put(QUESTION);
    await questions.take(QUESTION);
    now = 9;
    await questions.put(OTHER);
    expect(await questions.take(QUESTION)).toBe('used');
  });
});

test('questions in memory are forgotten when their time is over', async () => {
  let now = 0;
  const questions = createLocalQuestions(() => now);
  await questions.put(QUESTION);
  now = 10;
  await questions.put({ nonce: 'b', until: 20 });
  expect(await questions.take(QUESTION)).toBe('unknown');
});
