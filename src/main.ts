#!/usr/bin/env node
// Desktop clients often start an old Node, and it should say so itself. So nothing is imported before the check, and
// this file keeps to what Node 12 can parse and run; test/cli/old_node.test.ts checks the built file.

/** As `engines` in package.json; a test compares them. */
const NEEDED = '20.18.1';
/** As a start that the command line or the configuration does not allow. */
const MISCONFIGURED = 2;

const found = process.versions.node;

if (isOlder(found, NEEDED)) {
  sayTooOld();
  process.exitCode = MISCONFIGURED;
} else {
  void start();
}

async function start(): Promise<void> {
  const { enableCompileCache } = await import('./cli/compile_cache.ts');
  enableCompileCache();
  // What is loaded from here on is compiled once for many starts.
  await import('./cli/run.ts');
}

function isOlder(version: string, needed: string): boolean {
  const [own, least] = [version, needed].map((text) => text.split('.').map((part) => Number.parseInt(part, 10)));
  for (let at = 0; own && least && at < least.length; at++) {
    const difference = Number(own[at]) - Number(least[at]);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** One line: text to a person at a terminal, else JSON like every line of the log. */
function sayTooOld(): void {
  const message =
    `Node.js ${found} is too old: this server needs ${NEEDED} or later. If a newer one is installed, give its full ` +
    'path as `command` in the configuration of the client.';
  const line = JSON.stringify({ time: new Date().toISOString(), level: 'error', message });
  process.stderr.write(`${process.stderr.isTTY ? message : line}\n`);
}
