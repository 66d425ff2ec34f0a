// Prints what a release holds of others, as a CycloneDX SBOM: what a production install brings, and what is bundled into
// dist, which npm takes for development alone. Needs a build.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const DEVELOPMENT = 'cdx:npm:package:development';
const read = (file) => JSON.parse(readFileSync(`${ROOT}${file}`, 'utf8'));

const { name } = read('package.json');
const { bundled } = read('dist/bundle.json');
// npm is a script on Windows, which only a shell starts.
const options = { cwd: ROOT, encoding: 'utf8', shell: process.platform === 'win32', maxBuffer: 64 * 1024 * 1024 };
const { serialNumber: _random, ...bom } = JSON.parse(
  execFileSync('npm', ['sbom', '--sbom-format', 'cyclonedx'], options),
);

const own = bom.metadata.component;
const isDevelopment = ({ properties }) => properties.some((each) => each.name === DEVELOPMENT);
const components = bom.components.filter((each) => bundled.includes(each['bom-ref']) || !isDevelopment(each));
const kept = new Set([own, ...components].map((each) => each['bom-ref']));
// The same release gives the same text: no time, no random number, no name of a folder.
const { timestamp: _time, ...metadata } = bom.metadata;
const sbom = {
  ...bom,
  metadata: { ...metadata, component: { ...own, name } },
  components: components.map((each) => ({
    ...each,
    properties: each.properties.filter((property) => property.name !== DEVELOPMENT),
  })),
  dependencies: bom.dependencies
    .filter(({ ref }) => kept.has(ref))
    .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => kept.has(each)) })),
};
process.stdout.write(`${JSON.stringify(sbom, null, 2)}\n`);
