import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ROOT } from './process.ts';
import { argsFor } from './samples.ts';

const { name, dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
const folder = mkdtempSync(join(tmpdir(), 'package-'));
afterAll(() => rmSync(folder, { recursive: true }));

const npm = (...args: string[]) =>
  execFileSync('npm', [...args, '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });

let packed: { filename: string; files: { path: string }[] };
beforeAll(() => {
  [packed] = JSON.parse(npm('pack', '--json', '--pack-destination', folder));
});

test('the package holds what a client starts, what a reader needs first, and nothing else', () => {
  const paths = packed.files.map(({ path }) => path).filter((path) => !path.startsWith('dist/chunks/'));
  expect(paths.sort()).toEqual([
    'CHANGELOG.md',
    'LICENSE',
    'README.md',
    'dist/THIRD_PARTY_LICENSES.txt',
    'dist/main.js',
    'dist/package.json',
    'mcp.json',
    'package.json',
  ]);
  for (const { path } of packed.files) expect(path).not.toMatch(/\.ts$|\.map$/);
});

test('installed into an empty folder, it serves the demo and keeps an audit trail', async () => {
  // Offline, so what the package depends on comes from this clone.
  const needed = Object.keys(dependencies).map((each) => `${ROOT}node_modules/${each}`);
  npm('install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, join(folder, packed.filename), ...needed);
  const auditFile = join(folder, 'audit.jsonl');
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: [join(folder, 'node_modules', '.bin', name), '--demo', '--writes', 'allow', '--audit-file', auditFile],
      cwd: folder,
      stderr: 'ignore',
    }),
  );
  const tool = 'mdca_tag_app_unsanctioned';
  const { content } = await client.callTool({ name: tool, arguments: argsFor(tool) });
  await client.close();
  expect(content).toMatchObject([{ text: expect.stringMatching(/^DEMO DATA.*status: tagged/s) }]);
  expect(readFileSync(auditFile, 'utf8').split('\n')).toHaveLength(3);
});
