import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from './process.ts';
import { argsFor } from './samples.ts';

const { name, version, dependencies } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8'));
/** Its path has what paths of people have. */
const folder = mkdtempSync(join(tmpdir(), "a person's päckage-"));
const installed = join(folder, 'node_modules', name);
afterAll(() => rmSync(folder, { recursive: true }));

const npm = (args: readonly string[], cwd = ROOT) =>
  execFileSync('npm', [...args, '--ignore-scripts'], { cwd, encoding: 'utf8', stdio: 'pipe' });

interface Packed {
  filename: string;
  files: { path: string }[];
}
const pack = (cwd: string, target: string): Packed =>
  JSON.parse(npm(['pack', '--json', '--pack-destination', target], cwd))[0];

let packed: Packed;
beforeAll(() => {
  packed = pack(ROOT, folder);
  // Offline, so what the package depends on comes from this clone.
  const needed = Object.keys(dependencies).map((each) => `${ROOT}node_modules/${each}`);
  const tarball = join(folder, packed.filename);
  npm(['install', '--offline', '--no-audit', '--no-fund', '--prefix', folder, tarball, ...needed]);
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

test('what was installed packs to the same bytes: nothing of this machine, its folders and times is in them', () => {
  const again = join(folder, 'again');
  mkdirSync(again);
  const { filename } = pack(installed, again);
  expect(readFileSync(join(again, filename)).equals(readFileSync(join(folder, packed.filename)))).toBe(true);
});

/** This Node, and of those that `.ci/run` installs the ones that the package takes. */
const NODES = [process.execPath, ...(process.env.OLD_NODES?.split(delimiter) ?? [])]
  .map((node) => ({ node, release: execFileSync(node, ['--version'], { encoding: 'utf8' }).trim() }))
  .filter(({ release }) => Number.parseInt(release.slice(1), 10) >= 20);

describe.each(NODES)('by Node $release', ({ node, release }) => {
  test('installed at a path with spaces, it serves the demo without HOME and keeps an audit trail', async () => {
    const auditFile = join(folder, `audit ${release}.jsonl`);
    const client = new Client({ name: 'test', version: '1.0.0' });
    const bin = join(folder, 'node_modules', '.bin', name);
    await client.connect(
      new StdioClientTransport({
        // The transport passes HOME on, whatever it is told.
        command: 'env',
        args: ['-u', 'HOME', node, bin, '--demo', '--writes', 'allow', '--audit-file', auditFile],
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

  test('npx starts it', () => {
    const env = { PATH: `${dirname(node)}${delimiter}${process.env.PATH}` };
    const said = execFileSync('npx', ['--no-install', name, '--version'], { cwd: folder, env, encoding: 'utf8' });
    expect(said).toBe(`${version}\n`);
  });
});

/** The sections of the file, by the name of their package. */
function thirdParties(): Map<string, string> {
  const text = readFileSync(join(installed, 'dist', 'THIRD_PARTY_LICENSES.txt'), 'utf8');
  const sections = text.split(/\n-{80}\n/).map((section) => section.trim());
  return new Map(sections.map((section): [string, string] => [section.split('\n')[0] ?? '', section]));
}

/** What the compiled sources of the server name, of what is bundled. */
function importedPackages(): string[] {
  const files = ['src', 'tools'].flatMap((room) => {
    const root = `${ROOT}dist/esm/${room}`;
    const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
    return names.filter((each) => each.endsWith('.js') && !each.startsWith('demo/')).map((each) => `${root}/${each}`);
  });
  const specifiers = files.flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/(?:from |import\()'([^'.][^']*)'/g)].map(
      ([, specifier = '']) => specifier,
    ),
  );
  const packages = specifiers
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? '');
  return [...new Set(packages)].filter((each) => !(each in dependencies));
}

test('every package that is bundled is named with its license, and in the SBOM', () => {
  const parties = thirdParties();
  expect(importedPackages().length).toBeGreaterThan(5);
  expect([...parties.keys()]).toEqual(expect.arrayContaining(importedPackages()));
  for (const [party, section] of parties) {
    const own = `${ROOT}node_modules/${party}`;
    const license = readdirSync(own).find((each) => /^licen[cs]e/i.test(each)) ?? '';
    expect(section, party).toContain(readFileSync(join(own, license), 'utf8').trim());
  }
  const sbom = JSON.parse(execFileSync(process.execPath, ['build/sbom.mjs'], { cwd: ROOT, encoding: 'utf8' }));
  const named: { name: string; licenses: unknown[] }[] = sbom.components;
  const lock = JSON.parse(readFileSync(`${ROOT}package-lock.json`, 'utf8'));
  const production = Object.entries<{ dev?: boolean }>(lock.packages).flatMap(([path, { dev }]) =>
    path === '' || dev ? [] : [path.replace(/^.*node_modules\//, '')],
  );
  expect(named.map((each) => each.name).sort()).toEqual([...parties.keys(), ...production].sort());
  for (const each of named) expect(each.licenses, each.name).toHaveLength(1);
  expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name, version } } });
  expect(sbom).not.toHaveProperty('serialNumber');
});
