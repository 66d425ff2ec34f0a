import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingRows } from '../src/cli/help.ts';
import { createMetrics } from '../src/core/metrics.ts';
import { HOOK_PATH } from '../src/mcp/transports/http/hook_route.ts';
import { ROOT } from './process.ts';

const read = (file: string) => readFileSync(`${ROOT}${file}`, 'utf8');
const [dockerfile, compose, nginx, page, flow, entra] = [
  'Dockerfile',
  'compose.yaml',
  'deploy/nginx.conf',
  'docs/deploy.md',
  'docs/flow.md',
  'docs/entra.md',
].map(read) as [string, string, string, string, string, string];
const all = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found);

test('every setting that deploying names is one', () => {
  const known = settingRows.map(({ name }) => name);
  const named = [dockerfile, compose, page, flow, entra].flatMap((text) => all(text, /\b((?:MDCA|AZURE)_[A-Z_]+)\b/g));
  expect(named.length).toBeGreaterThan(20);
  // Those of Redis come with it.
  const unknown = named.filter((name) => !known.includes(name) && !name.startsWith('MDCA_REDIS_'));
  expect(unknown).toEqual([]);
});

test('the image copies what is there, and nothing else gets into its build', () => {
  const sources = all(dockerfile, /^COPY (?!--from)(.+) \S+$/gm).flatMap((names) => names.split(' '));
  expect(sources.filter((name) => !existsSync(`${ROOT}${name}`))).toEqual([]);
  expect(all(read('.dockerignore'), /^!(.+)$/gm).sort()).toEqual([...new Set(sources)].sort());
  const { bin, scripts } = JSON.parse(read('package.json'));
  expect(all(dockerfile, /npm run (\w+)/g).filter((name) => !scripts[name])).toEqual([]);
  expect(dockerfile).toContain(`"/app/${Object.values(bin)[0]}"`);
});

test('ports, paths, names and addresses of the parts fit together', () => {
  const port = /^EXPOSE (\d+)$/m.exec(dockerfile)?.[1];
  expect(dockerfile).toContain(`MDCA_HTTP=0.0.0.0:${port}`);
  expect(dockerfile).toContain(`http://127.0.0.1:${port}/healthz`);
  const services = all(compose, /^ {2}([\w-]+):$/gm);
  const upstreams = all(nginx, /^ +server ([\w-]+):\d+/gm);
  expect(upstreams.filter((name) => !services.includes(name))).toEqual([]);
  expect(all(nginx, /^ +server [\w-]+:(\d+)/gm)).toEqual([port, port]);
  expect(compose).toContain(`:${/listen (\d+) ssl/.exec(nginx)?.[1]}"`);
  expect(/BEHIND_PROXY: (\S+)/.exec(compose)?.[1]).toBe(/ipv4_address: (\S+)/.exec(compose)?.[1]);
  // Each part sees a folder of secrets, and the page makes every file that a part reads.
  for (const [folder, text] of [
    ['server', `${compose}\n${/^cat > \.env <<'END'$(.+?)^END$/ms.exec(page)?.[1]}`],
    ['nginx', nginx],
  ] as const) {
    expect(compose).toContain(`./secrets/${folder}:/run/secrets:ro`);
    const files = all(text, /\/run\/secrets\/([\w.-]+)/g);
    expect(files.length).toBeGreaterThan(1);
    expect(files.filter((name) => !page.includes(` secrets/${folder}/${name}\n`))).toEqual([]);
    expect(files.filter((name) => !page.includes(`\`${folder}/${name}\``))).toEqual([]);
  }
  expect(flow).toContain(`https://mcp.contoso.example${HOOK_PATH}`);
});

test('the metrics that are explained are those that there are', () => {
  const metrics = createMetrics();
  const there = all(metrics.text(0), /^# TYPE (\S+)/gm);
  const explained = all(page, /`((?:mdca|process)_[a-z_]+)`/g);
  expect([...new Set(explained)].sort()).toEqual(there.sort());
});
