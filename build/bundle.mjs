// Makes of the compiled sources what a client starts: dist/main.js, and beside it what is loaded when it is needed.
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';
import { resourceList } from '../dist/esm/src/cli/resource_list.js';
import { toolList } from '../dist/esm/src/cli/tool_list.js';

/** A module of one value, made here once instead of at every start. */
const made = (name, value) => `export const ${name} = JSON.parse(${JSON.stringify(JSON.stringify(value))});`;

/** Everything that a module exports, without what it does. */
async function refused(id) {
  const names = Object.keys(await import(pathToFileURL(id)));
  const refuse = "const refuse = () => { throw new Error('JSON Schemas are made when this package is built'); };";
  // What creates a method is called for every schema.
  const stubs = names.map((name) => `export const ${name} = ${name.startsWith('create') ? '() => refuse' : 'refuse'};`);
  return [refuse, ...stubs].join('\n');
}

/** Modules of which the bundle holds something smaller than their source. */
const REPLACED = [
  [/\/src\/cli\/tool_list\.js$/, made('toolList', toolList)],
  [/\/src\/cli\/resource_list\.js$/, made('resourceList', resourceList)],
  // The SDK checks answers to its own elicitation with it; we ask ourselves, and check one phrase.
  [/\/validation\/ajv-provider\.js$/, 'export class AjvJsonSchemaValidator {}'],
  // Experimental and not offered by us.
  [/\/experimental\/tasks\/server\.js$/, 'export class ExperimentalServerTasks {}'],
  [/\/zod\/v4\/core\/(to-json-schema|json-schema-processors)\.js$/, refused],
];

/** A pattern that matches nothing means that its package has changed, and that the bundle holds what it should not. */
const unmatched = new Set(REPLACED.map(([path]) => path));

const forward = (path) => path.replaceAll('\\', '/');

const build = await rolldown({
  input: 'dist/esm/src/main.js',
  platform: 'node',
  // It has a binary inside, which no bundle can hold.
  external: ['fs-native-extensions'],
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
  // Functions keep their names, as the log tells where a defect was.
  minify: { compress: true, mangle: { keepNames: { function: true, class: true } }, codegen: true },
  entryFileNames: 'main.js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});
if (unmatched.size > 0) throw new Error(`no module of the bundle matches ${[...unmatched].join(' or ')}`);
writeFileSync('dist/package.json', '{ "type": "commonjs" }\n');
writeFileSync('dist/esm/package.json', '{ "type": "module" }\n');

/** What a start over stdio loads: the entry, what it loads at once, and all that these import; but not on demand. */
function startOf(fileName, seen = new Set()) {
  const chunk = output.find((each) => each.fileName === fileName);
  if (!chunk || seen.has(fileName)) return seen;
  seen.add(fileName);
  const next = chunk.isEntry ? [...chunk.imports, ...chunk.dynamicImports] : chunk.imports;
  for (const each of next) startOf(each, seen);
  return seen;
}

/** The folder of each package that some of these chunks hold a part of. */
function packagesOf(chunks) {
  const ids = chunks.flatMap(({ modules = {} }) => Object.keys(modules)).map(forward);
  const folders = ids.flatMap((id) => /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+/.exec(id)?.[0] ?? []);
  return [...new Set(folders)].sort();
}

function nameOf(folder) {
  return folder.slice(folder.lastIndexOf('/node_modules/') + '/node_modules/'.length);
}

function licenseOf(folder) {
  const file = readdirSync(folder).find((name) => /^licen[cs]e/i.test(name));
  if (!file) throw new Error(`${nameOf(folder)} has no license to pass on`);
  return `${nameOf(folder)}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`;
}

const start = output.filter(({ fileName }) => startOf('main.js').has(fileName));
const size = (chunks) => chunks.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0);
const facts = {
  files: start.length,
  bytes: size(start),
  modules: start.flatMap(({ modules = {} }) => Object.keys(modules)).length,
  bytes_with_all_on_demand: size(output),
  packages: packagesOf(start).map(nameOf),
};
writeFileSync('dist/bundle.json', `${JSON.stringify(facts, null, 2)}\n`);
const rule = `\n${'-'.repeat(80)}\n\n`;
writeFileSync('dist/THIRD_PARTY_LICENSES.txt', packagesOf(output).map(licenseOf).join(rule));
