// Makes of the compiled sources what a client starts: dist/main.js, and beside it what is loaded when it is needed.
import { rmSync, writeFileSync } from 'node:fs';
import { rolldown } from 'rolldown';

const { listing } = await import('./dist/src/listing.js');

/** Modules of which the bundle holds something smaller than their source. */
const REPLACED = [
  // The schemas of all tools, made here once instead of at every start.
  [/\/dist\/src\/listing\.js$/, `export const listing = JSON.parse(${JSON.stringify(JSON.stringify(listing))});`],
  // The SDK checks answers to its own elicitation with it; we ask ourselves, and check one phrase.
  [/\/validation\/ajv-provider\.js$/, 'export class AjvJsonSchemaValidator {}'],
];

const build = await rolldown({
  input: 'dist/src/main.js',
  platform: 'node',
  // It has a binary inside, which no bundle can hold.
  external: ['fs-native-extensions'],
  plugins: [
    {
      name: 'replace',
      load: (id) => REPLACED.find(([path]) => path.test(id.replaceAll('\\', '/')))?.[1],
    },
  ],
});
rmSync('dist/chunks', { recursive: true, force: true });
const { output } = await build.write({
  dir: 'dist',
  format: 'esm',
  minify: { compress: true, mangle: false, codegen: true },
  entryFileNames: 'main.js',
  chunkFileNames: 'chunks/[name]-[hash].js',
});

/** What a start over stdio loads: the entry and all that it imports, directly or not, but not on demand. */
function startOf(fileName, seen = new Set()) {
  if (seen.has(fileName)) return seen;
  const chunk = output.find((each) => each.fileName === fileName);
  if (!chunk) return seen;
  seen.add(fileName);
  for (const next of chunk.imports) startOf(next, seen);
  return seen;
}

const start = output.filter(({ fileName }) => startOf('main.js').has(fileName));
const modules = start.flatMap((chunk) => Object.keys(chunk.modules ?? {}));
const facts = {
  start_files: start.length,
  start_bytes: start.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0),
  start_modules: modules.length,
  start_packages: [...new Set(modules.map((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? 'own'))].sort(),
  all_bytes: output.reduce((sum, { code }) => sum + Buffer.byteLength(code), 0),
};
writeFileSync('dist/bundle.json', `${JSON.stringify(facts, null, 2)}\n`);
