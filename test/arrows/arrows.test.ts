import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, posix } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ROOT } from '../process.ts';
import { ROOMS, type Room } from './arrows.ts';
import { foldersOf, lintRules, specifier } from './lint_rules.ts';

const sources = ['src', 'tools'].flatMap((top) =>
  readdirSync(`${ROOT}${top}`, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .map((file) => posix.join(top, file.replaceAll('\\', '/'))),
);

describe('the table', () => {
  test('has a row for each folder that holds code, and no other', () => {
    const folders = new Set(sources.map((file) => dirname(file)));
    const rows = ROOMS.flatMap(foldersOf);
    const missing = [...folders].filter((folder) => !rows.includes(folder));
    expect(missing, 'folders without a row in ROOMS of test/arrows/arrows.ts').toEqual([]);
    const empty = rows.filter((folder) => !folders.has(folder));
    expect(empty, 'rows in ROOMS of test/arrows/arrows.ts whose folder holds no code').toEqual([]);
    expect(new Set(rows).size, 'ROOMS of test/arrows/arrows.ts has a folder twice').toBe(rows.length);
  });

  test.each(ROOMS.map((room) => [room.folder, room] as const))('%s imports only rows below it', (_, room) => {
    const below = ROOMS.slice(ROOMS.indexOf(room) + 1).map(({ folder }) => folder);
    const folders = room.imports.map((target) => (target.endsWith('.ts') ? dirname(target) : target));
    const above = folders.filter((folder) => !below.includes(folder));
    expect(above, `imports of this row in test/arrows/arrows.ts that have no row below it`).toEqual([]);
    const files = room.imports.filter((target) => target.endsWith('.ts'));
    const gone = files.filter((file) => !sources.includes(file));
    expect(gone, 'imports of this row in test/arrows/arrows.ts that are no file').toEqual([]);
  });

  test('is what the linter enforces; `npm test -- -u` rewrites its rules', async () => {
    await expect(`${JSON.stringify(lintRules(), null, 2)}\n`).toMatchFileSnapshot('lint_rules.json');
  });
});

/** An import to try on the linter itself, because a rule that catches nothing would go unnoticed. */
interface Probe {
  readonly file: string;
  readonly imported: string;
  readonly isAllowed: boolean;
}

const PACKAGES = ['zod', 'undici', 'parse5', 'limiter', '@modelcontextprotocol/sdk/types.js', 'express', 'node:fs'];

const isIn = (room: Room, folder: string) => foldersOf(room).includes(folder);

/** An import of every folder, from each folder of this room. */
function pairs(room: Room): Probe[] {
  return foldersOf(room).flatMap((from) =>
    ROOMS.flatMap((other) =>
      foldersOf(other).map((to) => ({
        file: from,
        imported: specifier(from, to).replace('*', 'anything'),
        isAllowed: isIn(room, to) || room.imports.includes(to),
      })),
    ),
  );
}

function packages(room: Room): Probe[] {
  const patterns = room.packages.map(
    (pattern) => new RegExp(`^${pattern.replaceAll('**', '.+').replaceAll(/(?<!\.)\*/g, '[^/]+')}$`),
  );
  return PACKAGES.map((imported) => ({
    file: room.folder,
    imported,
    isAllowed: patterns.some((pattern) => pattern.test(imported)),
  }));
}

/** Written by hand, to check the table itself against the design. */
const DESIGN: readonly (readonly [file: string, imported: string, isAllowed: boolean])[] = [
  ['src/http', '../core/errors.ts', true],
  ['src/cli', '../mcp/methods.ts', true],
  ['tools', '../src/defender/alerts/close.ts', true],
  ['src/defender/alerts', '../../http/client.ts', true],
  ['src/emulator/tenant', '../records.ts', true],
  ['src', './cli/run.ts', true],
  ['src/emulator/resources', '../../core/errors.ts', false],
  ['src/emulator/tenant/incidents', '../../../core/errors.ts', false],
  ['src/emulator', 'zod', false],
  ['src', '../tools/index.ts', false],
  ['src/cli', '../defender/alerts/close.ts', false],
  ['src/demo', '../cli/app.ts', false],
  ['src/defender/alerts', '../../http/send.ts', false],
  ['src/defender/alerts', 'undici', false],
  ['src/defender/alerts', '../policies/policy.ts', false],
  ['src/mcp', '../http/client.ts', false],
  ['src/mcp', '../../tools/index.ts', false],
  ['src/http', '../defender/alerts/alert.ts', false],
  ['src/http', '@modelcontextprotocol/sdk/types.js', false],
  ['src/http', '../http_helpers/nothing.ts', false],
  ['src/audit', '../writes/flow.ts', false],
  ['src/writes', '../defender/alerts/close.ts', false],
  ['src/tool', '../mcp/methods.ts', false],
  ['src/core', '../text/sanitize.ts', false],
  ['tools', '../src/http/send.ts', false],
];

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mdca-arrows-'));
  const probes: readonly Probe[] = [
    ...ROOMS.flatMap((room) => [...pairs(room), ...packages(room)]),
    ...DESIGN.map(([file, imported, isAllowed]) => ({ file, imported, isAllowed })),
  ];
  const refused = new Set<number>();
  const place = (probe: Probe, n: number) => `${probe.file}/probe_${n}.ts`;

  beforeAll(() => {
    for (const file of ['biome.json', 'test/arrows/lint_rules.json', '.gitignore']) put(file);
    for (const [n, probe] of probes.entries()) put(place(probe, n), `import '${probe.imported}';\n`);
    for (const { category, location } of lint(folder)) {
      expect(category).toBe('lint/style/noRestrictedImports');
      refused.add(Number(/probe_(\d+)\.ts$/.exec(location.path)?.[1]));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function put(file: string, text?: string): void {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    if (text === undefined) copyFileSync(`${ROOT}${file}`, join(folder, file));
    else writeFileSync(join(folder, file), text);
  }

  test('refuses every import that the table does not allow, and no other', () => {
    const wrong = probes.filter(({ isAllowed }, n) => refused.has(n) === isAllowed);
    expect(
      wrong.map(({ file, imported, isAllowed }) => `${file} → ${imported}: ${isAllowed ? 'refused' : 'passed'}`),
      'the linter and ROOMS of test/arrows/arrows.ts differ; `npm test -- -u` writes test/arrows/lint_rules.json',
    ).toEqual([]);
    expect(refused.size).toBeGreaterThan(100);
    expect(refused.size).toBeLessThan(probes.length - 100);
  });
});

interface Diagnostic {
  readonly category: string;
  readonly location: { readonly path: string };
}

/** What the linter's rule for imports reports of all files below a folder. */
function lint(folder: string): Diagnostic[] {
  const biome = join(ROOT, 'node_modules/@biomejs/biome/bin/biome');
  const args = ['lint', '--only=style/noRestrictedImports', '--reporter=json', '--max-diagnostics=none', '.'];
  try {
    const stdio = ['ignore', 'pipe', 'ignore'] as const;
    return JSON.parse(
      execFileSync(process.execPath, [biome, ...args], {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 2 ** 26,
        stdio: [...stdio],
      }),
    ).diagnostics;
  } catch (error) {
    // The linter exits with 1 when it has something to say.
    if (error instanceof Error && 'stdout' in error) return JSON.parse(String(error.stdout)).diagnostics;
    throw error;
  }
}

describe('files', () => {
  const imports = new Map(
    sources.map((file) => {
      const text = readFileSync(`${ROOT}${file}`, 'utf8');
      const found = [...text.matchAll(/(?:from|import)\s*\(?\s*'(\.{1,2}\/[^']+)'/g)].map(([, name = '']) => name);
      return [file, found.map((name) => posix.join(dirname(file), name))];
    }),
  );

  test('do not import each other in a circle, types included', () => {
    const done = new Set<string>();
    const walk = (file: string, path: readonly string[]): string[] => {
      if (path.includes(file)) return [[...path.slice(path.indexOf(file)), file].join(' → ')];
      if (done.has(file)) return [];
      const circles = (imports.get(file) ?? []).flatMap((next) => walk(next, [...path, file]));
      done.add(file);
      return circles;
    };
    const circles = sources.flatMap((file) => walk(file, []));
    expect(circles, 'files that import each other: move what they share into a file of its own').toEqual([]);
  });

  const lengths = (top: string) =>
    sources
      .filter((file) => file.startsWith(`${top}/`))
      .map((file) => ({ file, lines: readFileSync(`${ROOT}${file}`, 'utf8').trimEnd().split('\n') }));

  test.each([
    ['tools', 60],
    ['src', 200],
  ])('in %s have at most %i lines, and no line has more than 120 characters', (top, most) => {
    const tooLong = lengths(top).filter(({ lines }) => lines.length > most || lines.some((line) => line.length > 120));
    const found = tooLong.map(({ file, lines }) => {
      const long = lines.flatMap((line, n) => (line.length > 120 ? [n + 1] : []));
      return `${file}: ${lines.length} lines; with more than 120 characters: ${long.join(', ') || 'none'}`;
    });
    expect(found, 'files to split, or lines to break').toEqual([]);
  });

  test('have a median of at most 80 lines', () => {
    const sorted = ['tools', 'src']
      .flatMap(lengths)
      .map(({ lines }) => lines.length)
      .toSorted((a, b) => a - b);
    expect(sorted[Math.floor(sorted.length / 2)]).toBeLessThanOrEqual(80);
  });
});
