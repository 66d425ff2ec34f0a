import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { problemText } from '../../src/cli/refuse.ts';
import { ROOT, start } from '../process.ts';

test('the text has one problem a line, and says where help is', () => {
  expect(problemText('Configuration incomplete', ['MDCA_API_URL is not set.', 'MDCA_API_TOKEN is not set.'])).toBe(
    [
      'Configuration incomplete:',
      '  - MDCA_API_URL is not set.',
      '  - MDCA_API_TOKEN is not set.',
      'Help: defender-cloud-apps-mcp --help',
    ].join('\n'),
  );
});

test('a start that fails writes one JSON line where stderr is no terminal', async () => {
  const running = start([], {});
  expect(await running.ended).toBe(2);
  expect(running.stderr().trim().split('\n')).toHaveLength(1);
  expect(JSON.parse(running.stderr())).toMatchObject({ level: 'error', help: 'defender-cloud-apps-mcp --help' });
});

/** Part of util-linux, which Debian always has; on macOS it takes other arguments. */
const SCRIPT = '/usr/bin/script';
const isHere = process.platform === 'linux' && (existsSync(SCRIPT) || process.env.CI !== undefined);

test.skipIf(!isHere)(`a start that fails writes text at a terminal (needs ${SCRIPT} of util-linux)`, () => {
  const command = `${process.execPath} dist/main.js; echo code $?`;
  const env = { PATH: process.env.PATH ?? '' };
  const shown = execFileSync(SCRIPT, ['-qc', command, '/dev/null'], { cwd: ROOT, env, encoding: 'utf8' });
  expect(shown).toMatch(/^Configuration incomplete:\r?\n {2}- MDCA_API_URL is not set/);
  expect(shown).toMatch(/code 2\s*$/);
});
