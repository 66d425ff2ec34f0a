import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { settingRows } from '../src/cli/help.ts';
import { CODES } from '../src/core/errors.ts';
import { VERSION } from '../src/core/version.ts';
import { connections } from '../src/demo/connect.ts';
import { tools } from './fixture.ts';

const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

const SECTIONS: Record<string, () => string> = {
  clients: () =>
    connections('/path/to/defender-cloud-apps-mcp/dist/main.js')
      .map(({ client, place, language, text }) => `**${client}**: ${place}\n\n\`\`\`${language}\n${text}\n\`\`\``)
      .join('\n\n'),
  settings: () =>
    table(
      ['variable', 'flag', 'default', 'meaning'],
      settingRows.map((row) => [code(row.name), code(row.flag), code(row.fallback), row.description]),
    ),
  tools: () =>
    table(
      ['tool', 'effect', 'does', 'example'],
      tools.map((tool) => [code(tool.name), tool.effect, tool.description, code(JSON.stringify(tool.example))]),
    ),
  errors: () =>
    table(
      ['code', 'means', 'what to do', 'does a retry help'],
      Object.entries(CODES).map(([name, { meaning, remedy, retry }]) => [code(name), meaning, remedy, retry]),
    ),
};

const code = (text: string) => (text === '' ? '' : `\`${text}\``);

function table(head: string[], rows: string[][]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

test('the README says what the code says; `npm test -- -u` rewrites it', async () => {
  const readme = Object.entries(SECTIONS).reduce((text, [name, render]) => {
    const section = new RegExp(`(<!-- ${name} -->\n)[^]*?(<!-- /${name} -->)`);
    expect(text).toMatch(section);
    return text.replace(section, (_all, open: string, close: string) => `${open}${render()}\n${close}`);
  }, read('README.md'));
  await expect(readme).toMatchFileSnapshot('../README.md');
});

test('the version is the one of package.json', () => {
  expect(VERSION).toBe(JSON.parse(read('package.json')).version);
});

test('AGENTS.md stays short', () => {
  expect(read('AGENTS.md').split('\n').length).toBeLessThanOrEqual(61);
});
