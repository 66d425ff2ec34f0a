// Bundles the compiled sources into what a client starts: dist/main.js, and chunks beside it that load on demand.
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { promptList } from '../dist/esm/src/cli/prompt_list.js';
import { resourceList } from '../dist/esm/src/cli/resource_list.js';
import { toolList } from '../dist/esm/src/cli/tool_list.js';
import { board } from './board.mjs';

/** Source of a module that exports one value, computed here once instead of at every start. */
const constant = (name, value) => `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`;

/** Source of a module with the exports of another, none of which does anything but throw. */
async function stubsOf(id) {
  const names = Object.keys(await import(pathToFileURL(id)));
  const refuse = "const refuse = () => { throw new Error('JSON Schemas are made when this package is built'); };";
  // Zod calls what creates a method for every schema, so that must return a function instead of throwing.
  const stubs = names.map((name) => `export const ${name} = ${name.startsWith('create') ? '() => refuse' : 'refuse'};`);
  return [refuse, ...stubs].join('\n');
}

/** Modules that the bundle replaces by something smaller: by path, the source or a function that returns it. */
const REPLACED = [
  [/\/src\/cli\/tool_list\.js$/, constant('toolList', toolList)],
  [/\/src\/cli\/prompt_list\.js$/, constant('promptList', promptList)],
  [/\/src\/cli\/resource_list\.js$/, constant('resourceList', resourceList)],
  [/\/src\/resources\/board_html\.js$/, constant('boardHtml', board.page)],
  // The SDK checks answers to its own elicitInput() with it. src/mcp/legacy/ask.ts does not call that, and checks one phrase.
  [/\/validation\/ajv-provider\.js$/, 'export class AjvJsonSchemaValidator {}'],
  // Tasks are experimental, and this server offers none.
  [/\/experimental\/tasks\/server\.js$/, 'export class ExperimentalServerTasks {}'],
  [/\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/, stubsOf],
];

/** A pattern that is left here at the end has matched nothing: its package has changed, and the bundle is too large. */
const unmatched = new Set(REPLACED.map(([path]) => path));

const forward = (path) => path.replaceAll('\\', '/');

const build = await rolldown({
  input: 'dist/esm/src/main.js',
  platform: 'node',
  // It loads a native binary, which a bundle cannot hold.
  external: ['fs-native-extensions'],
  // Its other form requires modules by names that a bundle does not see.
  resolve: { alias: { 'jsonc-parser': 'jsonc-parser/lib/esm/main.js' } },
  plugins: [
    {
      name: 'smaller',
      load(id) {
        const [path, smaller] = REPLACED.find(([pattern]) => pattern.test(forward(id))) ?? [];
        unmatched.delete(path);
        return typeof smaller === 'function' ? smaller(id) : smaller;
      },
    },
  ],
});
rmSync('dist/chunks', { recursive: true, force: true });
const { output } = await build.write({
  dir: 'dist',
  // Node starts CommonJS some 10 ms sooner.
  format: 'cjs',
  // Functions keep their names, because the log shows the stack frames of a defect.
  minify: { compress: true, mangle: { keepNames: { function: true, class: true } }, codegen: true },
  entryFileNames: 'main.js',
  chunkFileNames: 'chunks/[name]-[hash].js',
  // All that a start loads is one chunk, whatever else uses a part of it: each further file costs a start time. So is
  // what it then loads for a client of an era; what the eras share is with the first.
  codeSplitting: {
    groups: [
      { name: 'start', test: /[\\/]src[\\/](cli[\\/]run|mcp[\\/](?!tool_face)\w+)\.js$/, priority: 3 },
      { name: 'legacy', test: /[\\/]src[\\/]mcp[\\/]legacy[\\/]server\.js$/, priority: 2 },
      { name: 'modern', test: /[\\/]src[\\/]mcp[\\/]modern[\\/]server\.js$/, priority: 1 },
    ],
  },
});
if (unmatched.size > 0) {
  throw new Error(`REPLACED in build/bundle.mjs: no module matches ${[...unmatched].join(' or ')}`);
}
// npm makes it executable where it installs it, and so it is packed as it was installed.
chmodSync('dist/main.js', 0o755);
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
writeFileSync('dist/esm/package.json', '{ "type": "module" }\n');

/** The chunks that a start over stdio loads: the entry, its dynamic imports, and the static imports of all these. */
function startOf(fileName, seen = new Set()) {
  const chunk = output.find((each) => each.fileName === fileName);
  if (!chunk || seen.has(fileName)) return seen;
  seen.add(fileName);
  const next = chunk.isEntry ? [...chunk.imports, ...chunk.dynamicImports] : chunk.imports;
  for (const each of next) startOf(each, seen);
  return seen;
}

/** The chunks that a client of an era needs from its start to the list of tools. */
function startOfEra(era) {
  const chunk = output.find(({ name }) => name === era);
  if (!chunk) throw new Error(`no chunk serves the ${era} era`);
  return startOf(chunk.fileName, startOf('main.js'));
}

/** The folders of the packages whose modules are in these chunks. */
function packagesOf(chunks) {
  const ids = chunks.flatMap(({ modules = {} }) => Object.keys(modules)).map(forward);
  const folders = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function nameOf(folder) {
  return folder.slice(folder.lastIndexOf('/node_modules/') + '/node_modules/'.length);
}

/** As an SBOM names a package. */
function referenceOf(folder) {
  const { name, version } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  return `${name}@${version}`;
}

function licenseOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${nameOf(folder)} has no license file, which dist/THIRD_PARTY_LICENSES.txt must repeat`);
  return `${nameOf(folder)}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}

/** All that is delivered: the chunks, and what the page of the board is made of. */
const delivered = [...output, board];
const size = (chunks) => chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
/** What is loaded until a client of an era has the list of tools. */
const startFacts = (era) => {
  const start = output.filter(({ fileName }) => startOfEra(era).has(fileName));
  const modules = start.flatMap((chunk) => Object.keys(chunk.modules ?? {})).length;
  return { files: start.length, bytes: size(start), modules, packages: packagesOf(start).map(nameOf) };
};
const facts = {
  legacy: startFacts('legacy'),
  modern: startFacts('modern'),
  bytes_with_all_on_demand: size(output),
  bundled: packagesOf(delivered).map(referenceOf),
};
writeFileSync('dist/bundle.json', `${JSON.stringify(facts, null, 2)}\n`);
const rule = `\n${'-'.repeat(80)}\n\n`;
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', packagesOf(delivered).map(licenseOf).join(rule));
