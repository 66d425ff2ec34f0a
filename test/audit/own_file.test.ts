import { chmodSync, linkSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  assertUsable,
  attempt,
  codeOf,
  flushDirectoryOf,
  openPrivate,
  openUnlinked,
  restrictToOwner,
} from '../../src/audit/own_file.ts';
import { Fault } from '../../src/core/errors.ts';
import { newFile } from './files.ts';

const modeOf = (path: string) => statSync(path).mode & 0o777;

describe('opening', () => {
  test('to create makes a file for its owner alone', async () => {
    const path = newFile();
    const { file, stats } = await openPrivate(path, 'create');
    await file.writeFile('x');
    await file.close();
    expect(stats.size).toBe(0);
    expect(modeOf(path)).toBe(0o600);
  });

  test('makes nothing unless it is told to', async () => {
    const path = newFile();
    await expect(openPrivate(path, 'fail')).rejects.toMatchObject({ code: 'ENOENT' });
    expect(readdirSync(dirname(path))).toEqual([]);
  });

  test('to create refuses a file that is there; otherwise it is kept', async () => {
    const path = newFile();
    writeFileSync(path, 'x');
    await expect(openPrivate(path, 'create')).rejects.toMatchObject({ code: 'EEXIST' });
    const { file, stats } = await openPrivate(path, 'fail');
    expect(stats.size).toBe(1);
    await file.close();
  });

  test.runIf(process.platform === 'linux')('what is no regular file is refused', async () => {
    await expect(openPrivate('/dev/null', 'fail')).rejects.toMatchObject({
      code: 'audit_failed',
      detail: 'The audit file or its head is not a regular file.',
    });
  });
});

describe('opening without links', () => {
  test('keeps a file that is there, and makes one that is not only if it is told to', async () => {
    const path = newFile();
    await expect(openUnlinked(path, 'fail')).rejects.toMatchObject({ code: 'ENOENT' });
    const made = await openUnlinked(path, 'create');
    await made.file.writeFile('x');
    await made.file.close();
    expect(modeOf(path)).toBe(0o600);
    for (const whenMissing of ['fail', 'create'] as const) {
      const { file, stats } = await openUnlinked(path, whenMissing);
      expect(stats.size).toBe(1);
      await file.close();
    }
  });

  test('ends where the folder is missing', async () => {
    await expect(openUnlinked(`${newFile()}/no/file`, 'create')).rejects.toMatchObject({ code: 'ENOENT' });
  });

  test.each(['fail', 'create'] as const)('refuses a link, symbolic or hard, with %s', async (whenMissing) => {
    const path = newFile();
    writeFileSync(path, 'x');
    symlinkSync(path, `${path}.symbolic`);
    const refusal = { code: 'audit_failed', detail: expect.stringContaining('is a link') };
    await expect(openUnlinked(`${path}.symbolic`, whenMissing)).rejects.toMatchObject(refusal);
    linkSync(path, `${path}.hard`);
    await expect(openUnlinked(`${path}.hard`, whenMissing)).rejects.toMatchObject(refusal);
  });

  test('of many at once, one makes the file and all open it', async () => {
    const path = newFile();
    const all = await Promise.all(Array.from({ length: 20 }, () => openUnlinked(path, 'create')));
    expect(new Set(all.map(({ stats }) => stats.ino)).size).toBe(1);
    for (const { file } of all) await file.close();
  });
});

describe('what others may do with a file', () => {
  test.runIf(process.platform !== 'win32')('is taken from them', async () => {
    const path = newFile();
    writeFileSync(path, 'x');
    for (const mode of [0o644, 0o660, 0o601]) {
      chmodSync(path, mode);
      const opened = await openPrivate(path, 'fail');
      await restrictToOwner(opened.file);
      await opened.file.close();
      expect(modeOf(path)).toBe(0o600);
    }
  });

  test.runIf(process.platform !== 'win32')('is left where it is nothing', async () => {
    const path = newFile();
    writeFileSync(path, 'x');
    chmodSync(path, 0o700);
    const opened = await openPrivate(path, 'fail');
    await restrictToOwner(opened.file);
    await opened.file.close();
    expect(modeOf(path)).toBe(0o700);
  });
});

describe('a place for an audit file', () => {
  test('is a file, or a folder without one', async () => {
    const path = newFile();
    await expect(assertUsable(path)).resolves.toBeUndefined();
    writeFileSync(path, '');
    await expect(assertUsable(path)).resolves.toBeUndefined();
  });

  test('is no folder, and not in one that is not there', async () => {
    const path = newFile();
    await expect(assertUsable(`${path}/x/audit.jsonl`)).rejects.toMatchObject({
      code: 'audit_failed',
      detail: 'The folder of the audit file cannot be found (ENOENT).',
    });
    mkdirSync(path);
    await expect(assertUsable(path)).rejects.toMatchObject({
      code: 'audit_failed',
      detail: 'The audit file is not a regular file.',
    });
  });

  test('is flushed where that is possible', async () => {
    await expect(flushDirectoryOf(newFile())).resolves.toBeUndefined();
    await expect(flushDirectoryOf('/no/such/folder/x')).resolves.toBeUndefined();
  });
});

describe('a failed attempt', () => {
  const failure = (code?: unknown) => Object.assign(new Error('at /secret/path'), { code });

  test.each([
    [failure('ENOSPC'), 'ENOSPC', 'It failed (ENOSPC).'],
    [failure(7), undefined, 'It failed (for an unknown cause).'],
    [new Error('x'), undefined, 'It failed (for an unknown cause).'],
    ['ENOSPC', undefined, 'It failed (for an unknown cause).'],
    [{ code: 'ENOSPC' }, undefined, 'It failed (for an unknown cause).'],
  ])('with %s is told by its code alone', async (error, code, detail) => {
    expect(codeOf(error)).toBe(code);
    const attempted = attempt('It failed', () => Promise.reject(error));
    await expect(attempted).rejects.toMatchObject({ code: 'audit_failed', detail, cause: error });
  });

  test('with a fault stays that fault', async () => {
    const fault = new Fault('audit_failed', 'x');
    await expect(attempt('It failed', () => Promise.reject(fault))).rejects.toBe(fault);
  });

  test('that succeeds is its result', async () => {
    await expect(attempt('It failed', async () => 7)).resolves.toBe(7);
  });
});
