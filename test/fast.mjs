// Runs the tests nearest to a change: `npm run test:fast` looks at what differs from the last commit, and
// `npm run test:fast -- src/http tools/get_policy.ts` at what it is given. `npm test` runs everything.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';

const VITEST = 'node_modules/vitest/vitest.mjs';
/** Files and folders of src whose tests are not at the same path below test. */
const ELSEWHERE = {
  'src/main.ts': ['test/cli/old_node.test.ts', 'test/cli/commands.test.ts', 'test/mcp/stdio_process.test.ts'],
  'src/board': ['test/board', 'test/mcp/apps.test.ts'],
  'src/mcp': ['test/e2e.test.ts', 'test/mcp'],
  'src/resources': ['test/mcp/resources.test.ts'],
  'src/tool': ['test/writes/approved.test.ts', 'test/call'],
  'src/demo': ['test/sync.test.ts'],
  'src/setup': ['test/setup', 'test/sync.test.ts', 'test/mcpb.test.ts'],
};

const given = process.argv.slice(2);
const changed = given.length > 0 ? given : changedFiles();
const tests = new Set(changed.flatMap(testsOf).filter(existsSync));
const tools = changed.filter((file) => /^tools\/(?!index)/.test(file)).map(nameOf);
if (tests.size === 0 && tools.length === 0) {
  process.stdout.write('Nothing has changed since the last commit. Name a file or a folder, or run npm test.\n');
  process.exit(0);
}
const runs = [['--project', 'all', 'test/arrows', ...tests]];
if (tools.length > 0) runs.push(['test/contract', '-t', `^(${tools.join('|')}) `]);
const failed = runs.filter(
  (args) => spawnSync(process.execPath, [VITEST, 'run', ...args], { stdio: 'inherit' }).status,
);
process.exit(failed.length > 0 ? 1 : 0);

function changedFiles() {
  const lines = execFileSync('git', ['status', '--porcelain', '--untracked-files=all'], { encoding: 'utf8' });
  return lines.split('\n').flatMap((line) => line.slice(3).split(' -> ').at(-1) || []);
}

/** The test of a file where it has one of its own, or those of its folder. */
function testsOf(file) {
  if (file.startsWith('test/')) return file.endsWith('.test.ts') ? [file] : [];
  const elsewhere = Object.entries(ELSEWHERE).find(([room]) => file.startsWith(room));
  if (elsewhere) return elsewhere[1];
  if (file.startsWith('tools/')) return ['test/sync.test.ts', ...testsThatName([nameOf(file)])];
  if (!file.startsWith('src/')) return /\.md$/.test(file) ? ['test/sync.test.ts', 'test/links.test.ts'] : [];
  const own = file.replace(/^src/, 'test').replace(/\.ts$/, '.test.ts');
  if (own !== file && existsSync(own)) return [own];
  const [, room = '', inner = ''] = file.split('/');
  const nested = `test/${room}/${inner}`;
  return [
    existsSync(nested) ? nested : `test/${room}`,
    ...(room === 'defender' ? testsOfTools(`defender/${inner}/`) : []),
  ];
}

/** The tests of the tools that import from a folder. */
function testsOfTools(folder) {
  const files = readdirSync('tools').map((file) => `tools/${file}`);
  return testsThatName(files.filter((file) => read(file).includes(folder)).map(nameOf));
}

function testsThatName(tools) {
  const tests = readdirSync('test/tools').filter((file) => file.endsWith('.test.ts'));
  return tests.map((file) => `test/tools/${file}`).filter((file) => tools.some((tool) => read(file).includes(tool)));
}

function nameOf(file) {
  return `mdca_${basename(file, '.ts')}`;
}

function read(file) {
  return readFileSync(file, 'utf8');
}
