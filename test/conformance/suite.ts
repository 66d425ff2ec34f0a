import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';

export interface Check {
  readonly id: string;
  readonly status: 'SUCCESS' | 'FAILURE' | 'WARNING' | 'SKIPPED' | 'INFO';
  readonly errorMessage?: string;
}

/** One run of the suite. */
export interface Run {
  /** Of the suite. */
  readonly version: string;
  /** Of the protocol. */
  readonly revision: string;
  /** The checks of each scenario. */
  readonly scenarios: Readonly<Record<string, readonly Check[]>>;
}

const INSTALLED = 'node_modules/.cache/conformance/node_modules';

/** Runs every server scenario of a revision. @param suite name under which the suite is installed */
export async function runSuite(url: string, suite: string, revision: string): Promise<Run> {
  const { version } = readJson(`${INSTALLED}/${suite}/package.json`);
  const results = mkdtempSync(join(tmpdir(), 'conformance-'));
  const options = ['--suite', 'all', '--spec-version', revision, '-o', results];
  try {
    const said = await run([`${INSTALLED}/${suite}/dist/index.js`, 'server', '--url', url, ...options]);
    const scenarios = readdirSync(results).map((folder): [string, Check[]] => [
      folder.replace(/^server-/, '').replace(/-\d{4}-\d\d-\d\dT.*$/, ''),
      readJson(join(results, folder, 'checks.json')),
    ]);
    if (scenarios.length === 0) throw new Error(`The suite ${version} ran nothing: ${said}`);
    return { version, revision, scenarios: Object.fromEntries(scenarios) };
  } finally {
    rmSync(results, { recursive: true });
  }
}

/** The names of the server scenarios of extensions of the protocol, which belong to no revision. */
export async function extensionsOf(suite: string): Promise<string[]> {
  const listed = await run([`${INSTALLED}/${suite}/dist/index.js`, 'list', '--server']);
  return [...listed.matchAll(/^ +- (\S+) \[extension\]$/gm)].map(([, name = '']) => name).sort();
}

/** The suite fails when a check does, so its exit code says nothing that its results do not say. */
function run(args: readonly string[]): Promise<string> {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, args, options, (_error, stdout, stderr) => resolve(stderr || stdout));
  });
}

function readJson(file: string) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
