import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { ROOT } from '../process.ts';
import { firstAnswer } from './first_answer.ts';

/** Part of util-linux, which Debian always has; on macOS it takes other arguments. */
const SCRIPT = '/usr/bin/script';
const isHere = process.platform === 'linux' && (existsSync(SCRIPT) || process.env.CI !== undefined);

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

const [CLIENT, URL_, TOKEN, WRITE] = ['Number, 1 to 4: ', 'API URL: ', 'API token (not shown): ', '[y/N] '];
const [ENTER, CTRL_C, CTRL_D] = ['\r', '\u0003', '\u0004'];

/** Runs `setup` at a terminal, where a person waits for each question and types. */
async function atTerminal(
  typed: readonly (readonly [question: string, answer: string])[],
  environment: Record<string, string> = {},
) {
  const home = mkdtempSync(join(tmpdir(), 'terminal-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const command = `'${process.execPath}' dist/main.js setup`;
  const env = { PATH: process.env.PATH ?? '', HOME: home, NODE_DISABLE_COMPILE_CACHE: '1', ...environment };
  const child = spawn(SCRIPT, ['-qec', command, '/dev/null'], { cwd: ROOT, env });
  let shown = '';
  child.stdout.on('data', (chunk) => (shown += chunk));
  const ended = once(child, 'close');
  let read = 0;
  for (const [question, answer] of typed) {
    await expect.poll(() => shown.indexOf(question, read), { interval: 20 }).toBeGreaterThanOrEqual(0);
    read = shown.indexOf(question, read) + question.length;
    child.stdin.write(answer);
  }
  const [code] = await ended;
  return { code, shown, home, files: readdirSync(home, { recursive: true, encoding: 'utf8' }) };
}

describe.skipIf(!isHere)(`at a terminal (needs ${SCRIPT} of util-linux)`, () => {
  test('a command and four answers lead from an empty home to a first answer, and the token is not shown', async () => {
    const { code, shown, home } = await atTerminal([
      [CLIENT, `4${ENTER}`],
      [URL_, `${emulator.url}${ENTER}`],
      [TOKEN, `${emulator.token}${ENTER}`],
      [WRITE, `y${ENTER}`],
    ]);
    expect(code, shown).toBe(0);
    expect(shown).toContain(`OK: ${emulator.url} answers, accepts the token`);
    expect(shown).toContain('"MDCA_API_TOKEN_FILE"');
    expect(shown).toContain('Written.');
    expect(shown).not.toContain(emulator.token);
    const { mdca } = JSON.parse(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).mcpServers;
    expect(readFileSync(mdca.env.MDCA_API_TOKEN_FILE, 'utf8')).toBe(`${emulator.token}\n`);
    expect((await firstAnswer(mdca)).structuredContent).toMatchObject({ returned: 1 });
  });

  test('what is refused is asked again, and without a yes nothing is written', async () => {
    const { code, shown, files } = await atTerminal([
      [CLIENT, `vscode${ENTER}`],
      [URL_, `https://example.com${ENTER}`],
      [URL_, `${emulator.url}${ENTER}`],
      [TOKEN, `two words${ENTER}`],
      [TOKEN, `${emulator.token}${ENTER}`],
      [WRITE, ENTER],
    ]);
    expect(shown).toContain('MDCA_API_URL names no host of Defender for Cloud Apps');
    expect(shown).toContain('MDCA_API_TOKEN does not hold an API token');
    expect(shown).not.toContain('two words');
    expect({ code, files }).toEqual({ code: 1, files: [] });
    expect(shown).toContain('Nothing was written.');
  });

  test.each([
    ['Ctrl+C', CTRL_C, [CLIENT, URL_, TOKEN, WRITE]],
    ['Ctrl+D', CTRL_D, [TOKEN]],
  ])('%s ends it, and nothing is written', async (_key, key, questions) => {
    const answers = [
      [CLIENT, `4${ENTER}`],
      [URL_, `${emulator.url}${ENTER}`],
      [TOKEN, `${emulator.token}${ENTER}`],
    ] as const;
    const leave = (question: string) => {
      const before = answers.findIndex(([each]) => each === question);
      return atTerminal([...answers.slice(0, before < 0 ? answers.length : before), [question, key]]);
    };
    for (const { code, shown, files } of await Promise.all(questions.map(leave))) {
      expect({ code, files }, shown).toEqual({ code: 1, files: [] });
      expect(shown).toContain('Nothing was written.');
    }
  });

  test('Ctrl+C ends it also while the tenant does not answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    onTestFinished(() => void silent.close());
    await once(silent, 'listening');
    const address = silent.address();
    const port = address !== null && typeof address === 'object' ? address.port : 0;
    const settings = { MDCA_API_URL: `http://127.0.0.1:${port}`, MDCA_API_TOKEN: 'x' };
    const left = await atTerminal(
      [
        [CLIENT, `4${ENTER}`],
        ['Reading one alert', CTRL_C],
      ],
      settings,
    );
    expect(left, left.shown).toMatchObject({ code: 1, files: [] });
    expect(left.shown).toContain('Nothing was written.');
    // That would be the end of the wait for the tenant.
    expect(left.shown).not.toContain('FAILED');
  });

  test('an API URL that is given is not asked for', async () => {
    const { code, shown } = await atTerminal(
      [
        [CLIENT, `4${ENTER}`],
        [TOKEN, CTRL_C],
      ],
      { MDCA_API_URL: emulator.url },
    );
    expect(code).toBe(1);
    expect(shown).not.toContain(URL_);
  });
});
