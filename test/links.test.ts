import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const pages = readdirSync(resolve(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const FILES = ['README.md', 'AGENTS.md', 'SECURITY.md', 'CONTRIBUTING.md', ...pages.map((name) => `docs/${name}`)];

test.each(FILES)('every relative link of %s leads somewhere', (file) => {
  expect(brokenLinks(file, read(file)), `links of ${file} to correct`).toEqual([]);
});

test.each([
  ['a file that is not there', '[a](nowhere.md)', 'docs/page.md: nowhere.md leads to no file'],
  ['a picture that is not there', '![a](nowhere.svg "title")', 'docs/page.md: nowhere.svg leads to no file'],
  ['one around a picture', '[![a](../LICENSE)](nowhere.md)', 'docs/page.md: nowhere.md leads to no file'],
  ['one in HTML', '<img src="nowhere.svg">', 'docs/page.md: nowhere.svg leads to no file'],
  ['a definition', 'See [a].\n\n[a]: nowhere.md', 'docs/page.md: nowhere.md leads to no file'],
  ['a label in code', '[`a`](nowhere.md)', 'docs/page.md: nowhere.md leads to no file'],
  ['a file of this machine', '[a](/etc/hosts)', 'docs/page.md: /etc/hosts leads out of the project'],
  ['a file beside the project', '[a](../../x)', 'docs/page.md: ../../x leads out of the project'],
  ['a heading that is not here', '# One\n[a](#two)', 'docs/page.md: #two leads to no heading'],
  ['a heading in code', '```sh\n# two\n```\n[a](#two)', 'docs/page.md: #two leads to no heading'],
  ['a heading elsewhere', '[a](../AGENTS.md#nowhere)', 'docs/page.md: ../AGENTS.md#nowhere leads to no heading'],
  ['a heading of a folder', '[a](../docs#x)', 'docs/page.md: ../docs#x leads to no heading'],
])('%s is reported', (_what, text, problem) => {
  expect(brokenLinks('docs/page.md', text)).toEqual([problem]);
});

test.each([
  ['a file', '[a](../LICENSE) [b](../docs)'],
  ['a heading here', '# One `two`: (three), four_five\n[a](#one-two-three-four_five)'],
  ['the second of two headings', '## Same\n## Same\n[a](#same-1)'],
  ['a heading that is a link', '## [One](../LICENSE) more\n[a](#one-more)'],
  ['a heading elsewhere', '[a](../AGENTS.md#commands)'],
  ['an anchor', '<a id="here"></a> [a](#here)'],
  ['what is on the web', '[a](https://example.com/x#y) [b](mailto:someone@example.com)'],
  ['what is code', '```md\n[a](nowhere.md)\n```\n`[a](nowhere.md)`'],
])('%s is no broken link', (_what, text) => {
  expect(brokenLinks('docs/page.md', text)).toEqual([]);
});

function read(file: string): string {
  return readFileSync(resolve(ROOT, file), 'utf8');
}

/** A sentence for each relative link that leads nowhere. @param file path from the root, of the page with this text */
function brokenLinks(file: string, text: string): string[] {
  return linksOf(text).flatMap((link) => {
    const problem = problemOf(link, file, text);
    return problem === undefined ? [] : [`${file}: ${link} ${problem}`];
  });
}

function problemOf(link: string, file: string, text: string): string | undefined {
  const [, path = '', anchor] = /^([^#]*)(?:#(.*))?$/.exec(link) ?? [];
  const target = path === '' ? file : relative(ROOT, resolve(ROOT, dirname(file), decodeURIComponent(path)));
  if (path.startsWith('/') || target.startsWith('..')) return 'leads out of the project';
  if (path !== '' && !existsSync(resolve(ROOT, target))) return 'leads to no file';
  if (anchor === undefined) return undefined;
  const isPage = path === '' || (target.endsWith('.md') && statSync(resolve(ROOT, target)).isFile());
  const anchors = isPage ? anchorsOf(path === '' ? text : read(target)) : [];
  return anchors.includes(decodeURIComponent(anchor)) ? undefined : 'leads to no heading';
}

/** Targets of links, pictures, definitions and HTML, without those that name a scheme. */
function linksOf(text: string): string[] {
  const prose = withoutFences(text).replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
  const found = [
    ...prose.matchAll(/\]\(<?([^\s()<>]+)>?(?:\s+"[^"]*")?\)/g),
    ...prose.matchAll(/^\[[^\]]+\]:\s+<?([^\s<>]+)/gm),
    ...prose.matchAll(/\s(?:href|src|srcset)="([^"]+)"/g),
  ];
  return found.flatMap(([, link]) => (link === undefined || /^[a-z][a-z\d+.-]*:/i.test(link) ? [] : [link]));
}

/** The anchors of a page: its headings as GitHub names them, and explicit ones. */
function anchorsOf(text: string): string[] {
  const prose = withoutFences(text);
  const counts = new Map<string, number>();
  const headings = [...prose.matchAll(/^#{1,6}\s+(.+?)\s*#*$/gm)].map(([, heading = '']) => {
    const slug = heading
      .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replace(/[^\p{L}\p{M}\p{N}\p{Pc}\- ]/gu, '')
      .replaceAll(' ', '-');
    const count = counts.get(slug) ?? 0;
    counts.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${count}`;
  });
  return [...headings, ...[...prose.matchAll(/\s(?:id|name)="([^"]+)"/g)].map(([, name = '']) => name)];
}

function withoutFences(text: string): string {
  return text.replace(/^ {0,3}(```+|~~~+)[\s\S]*?^ {0,3}\1[`~]*[ \t]*$/gm, '');
}
