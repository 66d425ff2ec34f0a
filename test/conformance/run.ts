// Runs the public conformance suite of MCP against the HTTP door, and checks that docs/conformance.md says what came
// out; `-u` rewrites that page. A failed check fails the run.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { page, summary } from './page.ts';
import * as reasons from './remarks.ts';
import { openFixtures } from './server.ts';
import { extensionsOf, type Run, runSuite } from './suite.ts';
import { problemsOf } from './verdict.ts';

const PAGE = 'docs/conformance.md';
/** Later versions of the suite know earlier revisions, too. */
const RUNS = [
  ['suite-0.1', '2025-11-25'],
  ['suite-0.2', '2025-03-26'],
  ['suite-0.2', '2025-06-18'],
  ['suite-0.2', '2025-11-25'],
  ['suite-0.2', '2026-07-28'],
] as const;

const { url, standIns } = await openFixtures();
const runs: Run[] = [];
for (const [suite, revision] of RUNS) runs.push(await runSuite(url, suite, revision));
const problems = problemsOf(runs, reasons);
const text = page({ runs, standIns: standIns(), extensions: await extensionsOf('suite-0.2') });
if (process.argv.includes('-u')) writeFileSync(PAGE, text);
else if (!existsSync(PAGE) || readFileSync(PAGE, 'utf8') !== text) {
  problems.push(`${PAGE} does not say what came out: \`npm run conformance -- -u\` rewrites it.`);
}
process.stdout.write(`${summary(runs)}\n`);
for (const problem of problems) process.stderr.write(`${problem}\n`);
process.exit(problems.length > 0 ? 1 : 0);
