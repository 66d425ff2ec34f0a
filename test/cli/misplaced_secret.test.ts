import { describe, expect, test } from 'vitest';
import { readCommandLine } from '../../src/cli/command_line.ts';
import { readConfig } from '../../src/config/config.ts';
import { flagOf, settings } from '../../src/config/settings.ts';
import { start } from '../process.ts';

/** In the forms that tokens have: Base64, hex, words between dashes, upper case alone, lower case alone. */
const TOKENS = [
  'R2Vuz0LkQ+x/8aYt0123456789abcdefghijklmnopqrstuvwxyz0123456789AB==',
  '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
  'prod-key-zq7wk-29xvb-plmn4',
  'QWERTZUIOPLKJHGFDSAYXCVBNM',
  'qwertzuioplkjhgfdsayxcvbnm',
  'hunter2pass',
];
const DEMO = { MDCA_API_URL: 'http://127.0.0.1:9', MDCA_API_TOKEN: 'x' };

/** No run of six characters of the token may be told, in any case, nor one letter after the other. */
function expectNothingOf(token: string, told: string): void {
  const quoted = [...told.matchAll(/"-*([^"\\]+)\\?"/g)].map(([, text]) => text).join('');
  const lower = `${told}\n${quoted}`.toLowerCase();
  const runs = Array.from({ length: token.length - 5 }, (_, at) => token.slice(at, at + 6).toLowerCase());
  expect(runs.filter((run) => lower.includes(run))).toEqual([]);
}

async function toldBy(args: readonly string[], environment: Record<string, string> = {}) {
  const running = start(args, { ...DEMO, ...environment });
  running.child.stdin.end();
  return { code: await running.ended, told: running.stdout() + running.stderr() };
}

describe.each(TOKENS)('the token %s', (token) => {
  const word = token.replace(/[^0-9A-Za-z]/g, '_');
  test.each([
    ['as a command', [token]],
    ['as a second command', ['serve', token]],
    ['as a flag', [`--${token}`]],
    ['as a flag with a value', [`--${token}=x`]],
    ['as the value of a flag that does not exist', [`--pat=${token}`]],
    ['as short flags', [`-${token}`]],
    ['behind a short flag', [`-p${token}`]],
    ['behind a short flag that exists', [`-h${token}`]],
    ['behind a short flag and a space', ['-p', token]],
    ['behind a flag without a space', [`--tools${token}`]],
    ['behind a longer flag without a space', [`--request-timeout-seconds${token}`]],
    ['in two flags', [`--${token.slice(0, 10)}`, `--${token.slice(10)}`]],
    ['as a port', ['emulator', '--port', token]],
    ['as the value of a switch', [`--demo=${token}`]],
  ])('%s', async (_where, args) => {
    const read = readCommandLine(args);
    expect(read).toHaveProperty('problems');
    expectNothingOf(token, JSON.stringify(read));
    if (token !== TOKENS[0]) return;
    const { code, told } = await toldBy(args);
    expect(code).toBe(2);
    expectNothingOf(token, told);
  });

  test('as the value of a setting', async () => {
    const environment = Object.fromEntries(settings.map(({ name }) => [name, token]));
    const tools = { MDCA_TOOLS: `connector,${token}`, MDCA_EXCLUDE_TOOLS: `${token} ${token}` };
    for (const each of [environment, tools]) {
      const { code, told } = await toldBy([], each);
      expect(code).toBe(2);
      expectNothingOf(token, told);
    }
    const flags = settings.filter(({ secret }) => !secret).map((setting) => `--${flagOf(setting)}=${token}`);
    for (const args of [flags, [`--tools=${token}`], ['--exclude-tools', token]]) {
      const { code, told } = await toldBy(args);
      expect(code).toBe(2);
      expectNothingOf(token, told);
    }
  });

  test.each([
    `MDCA_${word}`,
    `MDCA_API_TOKEN_${word}`,
    `MDCA_API_TOKEN${word}`,
    `MDCA_REQUEST_TIMEOUT_SECONDS${word}`,
    `MDCA_${word}_API_TOKEN`,
  ])('in the name of a variable: %s', (name) => {
    const read = readConfig({ flags: {}, environment: { [name]: 'x' }, readFile: () => '' });
    expect(read).toHaveProperty('problems');
    expectNothingOf(word, JSON.stringify(read));
  });

  test('in the file name of what cannot be read', async () => {
    for (const args of [
      ['verify-audit', token],
      ['check', '--api-token-file', token],
    ]) {
      expectNothingOf(token, (await toldBy(args, { MDCA_API_TOKEN: '' })).told);
    }
  });

  test('in a URL', async () => {
    const host = encodeURIComponent(token).replaceAll('%', '-');
    for (const url of [
      `https://user:${encodeURIComponent(token)}@contoso.us2.portal.cloudappsecurity.com`,
      `https://${encodeURIComponent(token)}@contoso.us2.portal.cloudappsecurity.com`,
      `https://${host}.example/`,
      `http://${host}.us2.portal.cloudappsecurity.com/${host}`,
      `ftp://${host}`,
    ]) {
      const { code, told } = await toldBy([], { MDCA_API_URL: url });
      expect(code).toBe(2);
      expectNothingOf(token, told);
    }
  });
});

describe('what is told of a name that is wrong', () => {
  test.each([
    [['--demos'], {}, 'Unknown flag "--demos"; did you mean --demo?'],
    [['--tool', 'x'], {}, 'Unknown flag "--tool"; did you mean --tools?'],
    [['--api-token', 'x'], {}, 'Unknown flag "--api-token"'],
    [['-x'], {}, 'Unknown flag'],
    [['--demo', '--something-else-entirely'], {}, 'Unknown flag (argument 2; not quoted'],
    [[], { MDCA_WRITE: 'off' }, 'Unknown setting "MDCA_WRITE"; did you mean MDCA_WRITES?'],
    [[], { MDCA_SOMETHING_ELSE: 'off' }, 'Unknown setting'],
    [[], { MDCA_TOOLS: 'mdca_get_polcy' }, 'MDCA_TOOLS: Unknown tool or group "mdca_get_polcy"; did you mean'],
    [[], { MDCA_TOOLS: 'connector,something_else' }, 'MDCA_TOOLS: Unknown tool or group'],
  ])('%j with %j: %s', async (args, environment, message) => {
    const { code, told } = await toldBy(args, environment);
    expect(code).toBe(2);
    expect(JSON.parse(told).message).toContain(message);
  });
});
