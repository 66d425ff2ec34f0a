import fc from 'fast-check';
import { parse } from 'jsonc-parser';
import { describe, expect, test } from 'vitest';
import { withServer } from '../../src/setup/client_text.ts';
import { CLIENTS, type Client } from '../../src/setup/clients.ts';

const LAUNCH = { command: '/usr/bin/node', args: ['/opt/x/main.js'], env: { MDCA_API_URL: 'https://a.example' } };
const { cursor, vsCode, claudeCode } = CLIENTS;

function textOf(text: string, client: Client = cursor, launch = LAUNCH): string {
  const changed = withServer(text, client, 'mdca', launch);
  if ('problems' in changed) throw new Error(changed.problems.join('\n'));
  return changed.value.text;
}

const changed = (text: string, client: Client = cursor) => parse(textOf(text, client));
const keptOf = (entry: object) => withServer(JSON.stringify({ mcpServers: { mdca: entry } }), cursor, 'mdca', LAUNCH);

describe('what a file holds stays', () => {
  test.each(['', ' \n', '{}', '{"mcpServers":{}}'])('a file with %j gets the server alone', (text) => {
    expect(changed(text)).toEqual({ mcpServers: { mdca: LAUNCH } });
    expect(textOf(text)).toMatch(/\n$/);
  });

  test('other servers and members stay, as they are written', () => {
    const text =
      '{\n\t"theme": "dark",\n\t"big": 12345678901234567890,\n\t"esc": "\\u00e4",\n\t"mcpServers": {\n\t\t"other": {\n' +
      '\t\t\t"command": "x"\n\t\t}\n\t}\n}\n';
    const after = textOf(text);
    for (const line of text.split('\n').slice(0, 7)) expect(after).toContain(`${line}\n`);
    expect(after).toContain('\n\t\t"mdca": {\n');
    expect(parse(after).mcpServers).toMatchObject({ other: { command: 'x' }, mdca: LAUNCH });
  });

  test('comments and trailing commas stay where the client reads them', () => {
    const text = '{\n  // mine\n  "servers": {\n    "a": {}, // one\n  },\n}\n';
    expect(textOf(text, vsCode)).toContain('// mine');
    expect(textOf(text, vsCode)).toContain('// one');
    expect(changed(text, vsCode).servers).toEqual({ a: {}, mdca: { type: 'stdio', ...LAUNCH } });
  });

  test('a byte order mark and line ends stay', () => {
    const after = textOf('\uFEFF{\r\n  "a": 1\r\n}\r\n');
    expect(after.startsWith('\uFEFF{')).toBe(true);
    expect(after.replaceAll('\r\n', '')).not.toContain('\n');
  });

  test('a second run changes nothing', () => {
    for (const client of Object.values(CLIENTS)) expect(textOf(textOf('', client), client)).toBe(textOf('', client));
  });

  test('any file that a client can read keeps its values', () => {
    const value = fc.dictionary(fc.string(), fc.jsonValue());
    fc.assert(
      fc.property(value, value, fc.constantFrom(0, 2, '\t'), (members, servers, indent) => {
        fc.pre(!('mdca' in servers) && ![members, servers].some((each) => Object.hasOwn(each, '__proto__')));
        const text = JSON.stringify({ ...members, mcpServers: servers }, null, indent);
        const before = JSON.parse(text);
        const expected = { ...before, mcpServers: { ...before.mcpServers, mdca: LAUNCH } };
        expect(JSON.parse(textOf(text))).toEqual(expected);
      }),
    );
  });
});

describe('what a person has set for the server stays, as it may restrict agents', () => {
  test('its environment, its flags and other members', () => {
    const entry = {
      disabled: true,
      command: 'node',
      args: ['/old/dist/main.js', '--writes', 'off'],
      env: { MDCA_TOOLS: 'investigate', MDCA_API_URL: 'https://old.example' },
    };
    expect(keptOf(entry)).toMatchObject({ value: { kept: ['MDCA_TOOLS', '--writes', 'off'] } });
    expect(changed(JSON.stringify({ mcpServers: { mdca: entry } })).mcpServers.mdca).toEqual({
      disabled: true,
      command: LAUNCH.command,
      args: ['/opt/x/main.js', '--writes', 'off'],
      env: { MDCA_TOOLS: 'investigate', MDCA_API_URL: 'https://a.example' },
    });
  });

  test('but for its token, of which one form alone may be set', () => {
    const env = { MDCA_API_TOKEN: 'secret', MDCA_API_TOKEN_FILE: '/old' };
    const text = JSON.stringify({ mcpServers: { mdca: { command: 'node', args: ['main.js'], env } } });
    expect(textOf(text)).not.toMatch(/secret|\/old/);
  });
});

describe('a file is refused and left as it is', () => {
  test.each([
    ['that is cut', '{"mcpServers": {', 'does not hold a JSON object'],
    ['with comments that the client does not read', '{} // mine', 'does not hold a JSON object'],
    ['with a trailing comma', '{"a": 1,}', 'does not hold a JSON object'],
    ['that is a list', '[]', 'does not hold a JSON object'],
    ['that is null', 'null', 'does not hold a JSON object'],
    ['that is UTF-16', '\0{\0}', 'does not hold a JSON object'],
    ['whose servers are a list', '{"mcpServers": []}', 'has a member "mcpServers" that is no object'],
    ['with its servers twice', '{"mcpServers": {"a": {}}, "mcpServers": {"b": {}}}', 'has a name twice'],
  ])('%s', (_what, text, problem) => {
    expect(withServer(text, cursor, 'mdca', LAUNCH)).toEqual({ problems: [problem] });
  });

  test.each([
    ['a package', { command: 'npx', args: ['-y', 'defender-cloud-apps-mcp', '--writes', 'off'] }],
    ['a URL', { url: 'https://mcp.example' }],
    ['something that is no entry', 'x'],
    ['arguments that are no list', { command: 'node', args: 'main.js' }],
    ['an environment that is no object', { command: 'node', args: ['main.js'], env: [] }],
  ])('that starts the server by %s', (_what, entry) => {
    const text = JSON.stringify({ mcpServers: { mdca: entry } });
    expect(withServer(text, claudeCode, 'mdca', LAUNCH)).toEqual({
      problems: [expect.stringMatching(/^starts "mdca" in another way/)],
    });
  });
});
