// `npm run mutation -- ROOM …` changes a room in small ways and looks whether its tests notice; without a name, every
// room in turn. `--page` runs nothing and writes the page again, after a change of reasons.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { performance } from 'node:perf_hooks';
import { idleReasons, page } from './page.mjs';
import { rooms } from './rooms.mjs';
import { summaryOf } from './summary.mjs';

const DATA = 'docs/mutation.json';
const REASONS = 'test/mutation/survivors.json';
const STRYKER = ['node_modules/@stryker-mutator/core/bin/stryker.js', 'run', 'test/mutation/stryker.config.mjs'];

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** @returns what docs/mutation.json keeps of it */
function run(name) {
  const start = performance.now();
  const env = { ...process.env, MUTATION_ROOM: name };
  const { status } = spawnSync(process.execPath, STRYKER, { env, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
  const seconds = Math.round((performance.now() - start) / 1000);
  return summaryOf(read(`reports/mutation/${name}.json`), seconds);
}

const given = process.argv.slice(2);
const names = given.length > 0 ? given.filter((name) => name !== '--page') : Object.keys(rooms);
const strange = names.find((name) => !(name in rooms));
if (strange !== undefined) {
  process.stderr.write(`There is no room ${strange}. Rooms: ${Object.keys(rooms).join(', ')}\n`);
  process.exit(2);
}
// Each room is written down as soon as it is there, so that a run that is broken off loses nothing.
for (const name of names) {
  const result = run(name);
  writeFileSync(DATA, `${JSON.stringify({ ...read(DATA), [name]: result }, null, 2)}\n`);
}
const reasons = read(REASONS);
writeFileSync('docs/mutation.md', page(read(DATA), rooms, reasons));
for (const { file, text, replacement } of idleReasons(read(DATA), reasons)) {
  process.stderr.write(`${REASONS} explains what did not survive: ${file}: ${text} → ${replacement}\n`);
}
