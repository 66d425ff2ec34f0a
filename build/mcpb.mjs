// Packs what a production install holds into an MCP bundle, which Claude Desktop installs with a click. Needs a build.
// node build/mcpb.mjs [FILE]
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { toolList } from '../dist/esm/src/cli/tool_list.js';
import { bundleManifest } from '../dist/esm/src/setup/manifest.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const read = (file) => readFileSync(`${ROOT}${file}`);
const facts = JSON.parse(read('package.json'));
/** Any time will do, as long as it is always the same: the same sources give the same bytes. */
const MADE = new Date(1985, 9, 26, 8, 15);
/** What Node on a desktop does not need: sources, texts for developers, and binaries for phones and for Bare. */
const LEFT_OUT =
  /\/(?:src|include|prebuilds\/(?:android|ios)[^/]*)\/|\.(?:bare|c|d\.ts)$|\/(?:README\.md|CMakeLists\.txt)$/;

const packages = Object.entries(JSON.parse(read('package-lock.json')).packages)
  .filter(([path, { dev }]) => path !== '' && !dev)
  .map(([path]) => path);
const paths = [
  'LICENSE',
  ...filesIn('dist').filter((path) => !/^dist\/(?:esm\/|bundle\.json$|board\.html$)/.test(path)),
  ...packages.flatMap(filesIn).filter((path) => !LEFT_OUT.test(path)),
];
const manifest = bundleManifest(
  facts,
  toolList.map(({ face }) => face),
);
const files = Object.fromEntries([
  ['manifest.json', Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`)],
  ...paths.sort().map((path) => [path, read(path)]),
]);
const bundle = zipSync(files, { level: 9, mtime: MADE });
const target = process.argv[2] ?? `${ROOT}${facts.name}-${facts.version}.mcpb`;
writeFileSync(target, bundle);
process.stdout.write(`${target}: ${Object.keys(files).length} files, ${Math.ceil(bundle.length / 1024)} KiB\n`);

/** Paths of the regular files in a folder, from the root and with slashes. */
function filesIn(folder) {
  return readdirSync(`${ROOT}${folder}`, { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((path) => statSync(`${ROOT}${path}`).isFile());
}
