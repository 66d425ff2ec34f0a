import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { environmentOf, nodeCommand } from '../../src/setup/launch.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'launch-')));
afterAll(() => rmSync(folder, { recursive: true }));

test.runIf(process.platform !== 'win32')('Node is named by the link that stays when a version goes', () => {
  const cellar = join(folder, 'Cellar', '24.1.0');
  for (const each of [cellar, join(folder, 'bin'), join(folder, 'other')]) mkdirSync(each, { recursive: true });
  const real = join(cellar, 'node');
  writeFileSync(real, '');
  writeFileSync(join(folder, 'other', 'node'), '');
  symlinkSync(real, join(folder, 'bin', 'node'));
  const searchPath = ['relative', '', join(folder, 'other'), '/no/such', join(folder, 'bin')].join(':');
  expect(nodeCommand(real, searchPath)).toBe(join(folder, 'bin', 'node'));
  expect(nodeCommand(real, join(folder, 'other'))).toBe(real);
  expect(nodeCommand(real, '')).toBe(real);
});

test('every setting that is given is passed on, by whole paths and without secrets', () => {
  const flags = { writes: 'off', 'audit-file': 'audit.jsonl' };
  const environment = { MDCA_WRITES: 'allow', MDCA_TOOLS: ' ', MDCA_API_TOKEN: 'x', MDCA_ALLOW_HOSTS: 'a', HOME: '/h' };
  expect(environmentOf({ flags, environment, readFile: () => '' })).toEqual({
    MDCA_ALLOW_HOSTS: 'a',
    MDCA_AUDIT_FILE: resolve('audit.jsonl'),
    MDCA_WRITES: 'off',
  });
});
