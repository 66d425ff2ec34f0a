import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { settingRows } from '../src/cli/help.ts';
import { CODES } from '../src/core/codes.ts';
import { VERSION } from '../src/core/version.ts';
import { toListedTool } from '../src/mcp/tool_face.ts';
import { connections } from '../src/setup/connections.ts';
import { installLinks } from '../src/setup/install_links.ts';
import { claudePlugin, geminiExtension } from '../src/setup/plugins.ts';
import { serverJson } from '../src/setup/server_json.ts';
import { GROUPS } from '../src/tool/groups.ts';
import type { Tool } from '../src/tool/tool.ts';
import { ROOMS } from './arrows/arrows.ts';
import { tools } from './fixture.ts';

const facts = JSON.parse(read('package.json'));

/** The generated sections of each file, by the name of the two markers around them. */
const FILES: Record<string, Record<string, () => string>> = {
  'README.md': { clients, links, tools: toolTable },
  'docs/tools.md': { tools: () => tools.map(toolChapter).join('\n\n'), groups: groupTable },
  'docs/settings.md': { settings: settingTable },
  'docs/errors.md': { errors: errorTable },
  'AGENTS.md': { rooms: roomTable },
};

test.each(Object.entries(FILES))('%s says what the code says; `npm test -- -u` rewrites it', async (file, sections) => {
  await expect(fill(file, read(file), sections)).toMatchFileSnapshot(`../${file}`);
});

test.each([
  ['no marker', 'text', 'README.md has no line <!-- tools -->.'],
  ['no marker at the end', '<!-- tools -->\ntext', 'README.md has no line <!-- /tools -->.'],
  ['markers in the wrong order', '<!-- /tools -->\n<!-- tools -->\n', 'README.md has no line <!-- /tools -->.'],
])('%s is reported with file and marker', (_what, text, message) => {
  expect(() => fill('README.md', text, { tools: () => 'new' })).toThrow(message);
});

test('only the text between two markers is replaced', () => {
  const text = (inside: string) => `before\n\n<!-- tools -->\n${inside}<!-- /tools -->\n\nbehind $&\n`;
  expect(fill('README.md', text('old\n'), { tools: () => '$& new' })).toBe(text('$& new\n'));
  expect(fill('README.md', text(''), { tools: () => '$& new' })).toBe(text('$& new\n'));
});

test('the version is the one of package.json', () => {
  expect(VERSION, 'VERSION in src/core/version.ts is not the version of package.json').toBe(facts.version);
});

test('server.json says what package.json and the settings say; `npm test -- -u` rewrites it', async () => {
  await expect(`${JSON.stringify(serverJson(facts), null, 2)}\n`).toMatchFileSnapshot('../server.json');
});

test.each([
  ['.claude-plugin/plugin.json', claudePlugin],
  ['gemini-extension.json', geminiExtension],
])('%s says what package.json and the settings say; `npm test -- -u` rewrites it', async (file, manifest) => {
  await expect(`${JSON.stringify(manifest(facts), null, 2)}\n`).toMatchFileSnapshot(`../${file}`);
});

test('AGENTS.md stays short', () => {
  const lines = read('AGENTS.md').split('\n').length;
  expect(lines, 'AGENTS.md has too many lines: move some of it into docs/').toBeLessThanOrEqual(90);
});

function read(file: string): string {
  return readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
}

/** The text with every section generated again. @throws Error that names file and marker where one is missing */
function fill(file: string, text: string, sections: Record<string, () => string>): string {
  return Object.entries(sections).reduce((filled, [name, render]) => {
    const open = `<!-- ${name} -->\n`;
    const close = `<!-- /${name} -->\n`;
    const start = filled.indexOf(open);
    if (start < 0) throw new Error(`${file} has no line ${open.trim()}.`);
    const end = filled.indexOf(close, start);
    if (end < 0) throw new Error(`${file} has no line ${close.trim()}.`);
    return `${filled.slice(0, start + open.length)}${render()}\n${filled.slice(end)}`;
  }, text);
}

function clients(): string {
  return connections('/path/to/defender-cloud-apps-mcp/dist/main.js')
    .map(({ client, place, language, text }) => {
      const summary = `<summary><b>${client}</b>: ${place}</summary>`;
      return `<details>\n${summary}\n\n\`\`\`${language}\n${text}\n\`\`\`\n\n</details>`;
    })
    .join('\n\n');
}

function links(): string {
  return installLinks(facts.name)
    .map(({ client, link, page }) => `- [Add to ${client}](${page}), or [without a web page](${link})`)
    .join('\n');
}

function settingTable(): string {
  const rows = settingRows.map((row) => [code(row.name), code(row.flag), code(row.fallback), row.description]);
  return table(['variable', 'flag', 'default', 'meaning'], rows);
}

function errorTable(): string {
  const rows = Object.entries(CODES).map(([name, { meaning, remedy, retry }]) => [code(name), meaning, remedy, retry]);
  return table(['code', 'means', 'what to do', 'does a retry help'], rows);
}

function toolTable(): string {
  const rows = tools.map(({ name, effect, description }) => [
    `[${code(name)}](docs/tools.md#${name})`,
    effect,
    description,
  ]);
  return table(['tool', 'effect', 'what it does'], rows);
}

function groupTable(): string {
  const members = (group: string) => tools.filter((tool) => tool.group === group).map(({ name }) => code(name));
  return table(
    ['group', 'tools'],
    GROUPS.map((group) => [code(group), members(group).join(', ') || 'none']),
  );
}

function roomTable(): string {
  return table(
    ['room', 'holds'],
    ROOMS.map(({ folder, holds }) => [code(folder), holds]),
  );
}

function toolChapter(tool: Tool): string {
  const { properties, required } = Input.parse(toListedTool(tool).face.inputSchema);
  const rows = Object.entries(properties).map(([name, argument]) => [
    code(name),
    kindOf(argument),
    required.includes(name) ? 'yes' : defaultOf(argument),
    argument.description,
  ]);
  return [
    `### ${tool.name}`,
    tool.description,
    `Effect: ${tool.effect}. Group: ${code(tool.group)}.`,
    table(['argument', 'value', 'required', 'meaning'], rows),
    `\`\`\`json\n${JSON.stringify(tool.example)}\n\`\`\``,
  ].join('\n\n');
}

/** The members of an argument's JSON Schema that docs/tools.md shows. */
const Value = z.object({
  type: z.string(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  items: z.object({ type: z.string() }).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  maxLength: z.number().optional(),
});

const Input = z.object({
  properties: z.record(z.string(), Value.extend({ description: z.string() })),
  required: z.array(z.string()).default([]),
});

const KINDS: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'whole number',
  number: 'number',
  boolean: 'true or false',
  array: 'list',
};

function kindOf(value: z.output<typeof Value>): string {
  if (value.enum) return value.enum.map(code).join(', ');
  const range = rangeOf(value.minimum ?? value.minItems, value.maximum ?? value.maxItems ?? value.maxLength);
  const members = value.items && `of ${KINDS[value.items.type] ?? value.items.type}`;
  return [KINDS[value.type] ?? value.type, members, range].filter(Boolean).join(' ');
}

function rangeOf(least: number | undefined, most: number | undefined): string {
  if (least === undefined) return most === undefined ? '' : `(at most ${most})`;
  return most === undefined ? `(from ${least})` : `(${least} to ${most})`;
}

function defaultOf(value: z.output<typeof Value>): string {
  return value.default === undefined ? 'no' : `no; default ${code(String(value.default))}`;
}

function code(text: string): string {
  return text === '' ? '' : `\`${text}\``;
}

function table(head: string[], rows: string[][]): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.map(cell).join(' | ')} |`).join('\n');
}
