import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readIfThere, replaceFile, writePrivate } from '../../src/setup/files.ts';

const NOW = new Date('2026-11-27T20:00:00.123Z');
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'setup-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a file that somebody has changed in the meantime is left as it is', () => {
  const file = join(folder, 'mcp.json');
  writeFileSync(file, 'theirs');
  for (const before of ['ours', undefined]) {
    expect(() => replaceFile(file, before, 'new', NOW)).toThrow('has changed in the meantime');
  }
  expect(readFileSync(file, 'utf8')).toBe('theirs');
  expect(() => replaceFile(join(folder, 'gone.json'), 'ours', 'new', NOW)).toThrow('has changed in the meantime');
  expect(readdirSync(folder)).toEqual(['mcp.json']);
});

test('a copy is never written over another', () => {
  const file = join(folder, 'mcp.json');
  writeFileSync(file, 'one');
  expect(replaceFile(file, 'one', 'two', NOW)).toBe(`${file}.20261127T200000123Z.bak`);
  expect(() => replaceFile(file, 'two', 'three', NOW)).toThrow('EEXIST');
  expect(readFileSync(file, 'utf8')).toBe('two');
  expect(readFileSync(`${file}.20261127T200000123Z.bak`, 'utf8')).toBe('one');
});

test('a file that holds the text already is not touched', () => {
  const file = join(folder, 'mcp.json');
  writeFileSync(file, 'same');
  expect(replaceFile(file, 'same', 'same', NOW)).toBeUndefined();
  expect(readdirSync(folder)).toEqual(['mcp.json']);
});

test('a private file and its folder are for the owner alone, also where others could read the former one', () => {
  const file = join(folder, 'own', 'token');
  writePrivate(file, 'one');
  expect(statSync(join(folder, 'own')).mode & 0o077).toBe(0);
  rmSync(file);
  writeFileSync(file, 'open', { mode: 0o644 });
  writePrivate(file, 'two');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(readIfThere(file)).toBe('two');
});

test('what cannot be written leaves nothing behind', () => {
  const file = join(folder, 'token');
  expect(() => writePrivate(join(folder), 'x')).toThrow();
  expect(readdirSync(folder)).toEqual([]);
  expect(existsSync(`${folder}.${process.pid}.tmp`)).toBe(false);
  expect(readIfThere(file)).toBeUndefined();
});
