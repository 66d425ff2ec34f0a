import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'acorn';
import { expect, onTestFinished, test } from 'vitest';
import { ROOT } from '../process.ts';

const { engines } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
const NEEDED = engines.node.replace('>=', '');
/** Paths of old Nodes' binaries, separated by colons; `.ci/run` installs them. */
const OLD_NODES = process.env.OLD_NODES?.split(':') ?? [];

const run = (node: string, args: readonly string[]) =>
  spawnSync(node, args, { cwd: ROOT, input: '', encoding: 'utf8', env: { PATH: process.env.PATH ?? '' } });

function expectRefused({ status, stdout, stderr }: ReturnType<typeof run>, found: string): void {
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr.trim().split('\n')).toHaveLength(1);
  const { level, message } = JSON.parse(stderr);
  expect(level).toBe('error');
  for (const said of [found, NEEDED, 'full path as `command`']) expect(message).toContain(said);
}

/** Starts the built server in this Node, which passes for another version. */
function runAs(version: string, args: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'old-node-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'version.cjs');
  const versions = `{ ...process.versions, node: '${version}' }`;
  writeFileSync(file, `Object.defineProperty(process, 'versions', { value: ${versions} });`);
  return run(process.execPath, ['--require', file, 'dist/main.js', ...args]);
}

test('the first file has only what Node 12 can parse, and requires nothing before it has looked', () => {
  const script = readFileSync(`${ROOT}dist/main.js`, 'utf8');
  expect(() => parse(script, { ecmaVersion: 2019, sourceType: 'script', allowHashBang: true })).not.toThrow();
  expect(script).not.toContain('require("node:');
});

test.each(['0.12.18', '12.22.12', '16.20.2', '18.20.8', '20.9.0', '20.18.0'])('Node %s is refused', (version) => {
  for (const args of [[], ['--help'], ['--version'], ['check'], ['--demo']])
    expectRefused(runAs(version, args), version);
});

test.each(['20.18.1', '20.19.0', '21.0.0', '22.0.0', '26.1.0', '100.0.0-nightly'])('Node %s is not', (version) => {
  expect(runAs(version, ['--version'])).toMatchObject({ status: 0, stderr: '' });
});

test.skipIf(OLD_NODES.length === 0)('what real old Nodes say (needs OLD_NODES, the paths of their binaries)', () => {
  for (const node of OLD_NODES) {
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
    if (Number.parseInt(version, 10) > 20) {
      expect(run(node, ['dist/main.js', '--version']), version).toMatchObject({ status: 0, stderr: '' });
      expect(run(node, ['dist/main.js', '--demo']).status, version).toBe(0);
      continue;
    }
    for (const args of [[], ['--help'], ['--version'], ['--demo']]) {
      expectRefused(run(node, ['dist/main.js', ...args]), version);
    }
  }
});
