import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { ROOT, start } from '../process.ts';
import { firstAnswer } from './first_answer.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

const newHome = () => {
  const home = mkdtempSync(join(tmpdir(), 'setup home-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  return home;
};
const filesIn = (home: string) =>
  readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) => statSync(join(home, name)).isFile());
const isOwn = (file: string) => (statSync(file).mode & 0o777) === 0o600;

async function run(args: readonly string[], environment: Record<string, string>) {
  const running = start(['setup', ...args], { NODE_DISABLE_COMPILE_CACHE: '1', ...environment });
  running.child.stdin.end();
  const code = await running.ended;
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}

const CURSOR = ['--client', 'cursor', '--yes'];
/** Runs `setup` for Cursor without a terminal, with the emulator's URL and token in the environment. */
const setUpCursor = (home: string, more: Record<string, string> = {}, args: readonly string[] = CURSOR) =>
  run(args, { HOME: home, MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, ...more });

function cursorFile(home: string, text?: string): string {
  const file = join(home, '.cursor', 'mcp.json');
  mkdirSync(dirname(file), { recursive: true });
  if (text !== undefined) writeFileSync(file, text);
  return file;
}

describe('without a terminal', () => {
  test('a client is set up, and its entry gives a first answer', async () => {
    const home = newHome();
    const { code, stdout, stderr } = await setUpCursor(home, { MDCA_WRITES: 'off' });
    expect({ code, stdout }, stderr).toEqual({ code: 0, stdout: '' });
    expect(stderr).not.toContain('"level"');
    const [file, token, ...more] = filesIn(home).sort().reverse();
    expect([file, token, more]).toEqual([
      '.cursor/mcp.json',
      `.config/defender-cloud-apps-mcp/127.0.0.1_${new URL(emulator.url).port}.token`,
      [],
    ]);
    const { mdca } = JSON.parse(readFileSync(join(home, '.cursor/mcp.json'), 'utf8')).mcpServers;
    expect(mdca.args).toEqual([`${ROOT}dist/main.js`]);
    expect(mdca.env).toEqual({
      MDCA_API_URL: emulator.url,
      MDCA_API_TOKEN_FILE: join(home, token ?? ''),
      MDCA_WRITES: 'off',
    });
    expect(isOwn(join(home, token ?? '')) && isOwn(join(home, file ?? ''))).toBe(true);
    expect(stderr + readFileSync(join(home, file ?? ''), 'utf8')).not.toContain(emulator.token);
    expect((await firstAnswer(mdca)).structuredContent).toMatchObject({ returned: 1 });
  });

  test('what the file holds stays, its mode and its link too, and a copy is kept', async () => {
    const home = newHome();
    const before = '{ "mcpServers": { "other": { "command": "x" } } }';
    const real = join(home, 'dotfiles.json');
    writeFileSync(real, before);
    chmodSync(real, 0o640);
    symlinkSync(real, cursorFile(home));
    expect(await setUpCursor(home)).toMatchObject({ code: 0 });
    expect(readFileSync(cursorFile(home), 'utf8')).toBe(readFileSync(real, 'utf8'));
    expect(JSON.parse(readFileSync(real, 'utf8')).mcpServers).toMatchObject({ other: { command: 'x' }, mdca: {} });
    const copies = readdirSync(home).filter((name) => /^dotfiles\.json\.\d{8}T\d{9}Z\.bak$/.test(name));
    expect(copies.map((name) => readFileSync(join(home, name), 'utf8'))).toEqual([before]);
    expect(statSync(real).mode & 0o777).toBe(0o640);
    const names = readdirSync(home);
    expect((await setUpCursor(home)).stderr).toContain('It does so already.');
    expect(readdirSync(home)).toEqual(names);
  });

  test('a broken file is refused and left as it is, and no token is written', async () => {
    const home = newHome();
    const file = cursorFile(home, '{ "mcpServers": ');
    const { code, stderr } = await setUpCursor(home);
    expect(code).toBe(2);
    expect(stderr).toContain(`${file} does not hold a JSON object.`);
    expect(readFileSync(file, 'utf8')).toBe('{ "mcpServers": ');
    expect(filesIn(home)).toEqual(['.cursor/mcp.json']);
  });

  test.each([
    ['that is read-only', (file: string) => writeFileSync(file, '{}', { mode: 0o444 }), 'is read-only'],
    [
      'that is a link to nothing',
      (file: string) => symlinkSync(`${file}.gone`, file),
      'is a link to a file that is not',
    ],
    ['that is a folder', (file: string) => mkdirSync(file), 'is no file'],
    ['in another encoding', (file: string) => writeFileSync(file, '{"é": 1}', 'latin1'), 'is not in UTF-8'],
    ['from PowerShell', (file: string) => writeFileSync(file, '\uFEFF{}', 'utf16le'), 'is not in UTF-8'],
  ])('a file %s is refused and left as it is, and no token is written', async (_what, make, problem) => {
    const home = newHome();
    const file = cursorFile(home);
    make(file);
    const before = readdirSync(home, { recursive: true });
    const { mtimeMs } = lstatSync(file);
    const { code, stderr } = await setUpCursor(home);
    expect(code, stderr).toBe(2);
    expect(stderr).toContain(`${file} ${problem}`);
    expect(readdirSync(home, { recursive: true })).toEqual(before);
    expect(lstatSync(file).mtimeMs).toBe(mtimeMs);
  });

  test('a token is not left behind when the file of the client cannot be written', async () => {
    const home = newHome();
    // Its copy has a longer name than the system allows.
    const file = cursorFile(home);
    const real = join(home, `${'long'.repeat(60)}.json`);
    writeFileSync(real, '{}');
    symlinkSync(real, file);
    expect(await setUpCursor(home)).toMatchObject({ code: 2, stderr: expect.stringContaining('ENAMETOOLONG') });
    expect(filesIn(home).sort()).toEqual(['.cursor/mcp.json', basename(real)]);
    expect(readFileSync(real, 'utf8')).toBe('{}');
  });

  test('a token file that is given is named, and not copied', async () => {
    const home = newHome();
    const token = join(home, 'own.token');
    writeFileSync(token, emulator.token);
    const given = ['--api-token-file', token, '--api-url', emulator.url, ...CURSOR];
    expect(await run(given, { HOME: home })).toMatchObject({ code: 0 });
    expect(filesIn(home).sort()).toEqual(['.cursor/mcp.json', 'own.token']);
    expect(readFileSync(cursorFile(home), 'utf8')).toContain(JSON.stringify(token));
  });

  test('a token that the tenant refuses is told, and nothing is written', async () => {
    const home = newHome();
    const { code, stderr } = await setUpCursor(home, { MDCA_API_TOKEN: 'wrong-token' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/FAILED: .*\n[\s\S]*Nothing was written\.\n/);
    expect(stderr).not.toContain('wrong-token');
    expect(filesIn(home)).toEqual([]);
  });

  test('--print only prints: the block on stdout, and no call, no file', async () => {
    const home = newHome();
    const calls = emulator.requests.length;
    const args = ['--client', 'vscode', '--print', '--api-url', emulator.url];
    const { code, stdout, stderr } = await run(args, { HOME: home });
    const file = join(home, `.config/defender-cloud-apps-mcp/127.0.0.1_${new URL(emulator.url).port}.token`);
    expect(JSON.parse(stdout)).toEqual({
      servers: {
        mdca: {
          type: 'stdio',
          command: expect.any(String),
          args: [`${ROOT}dist/main.js`],
          env: { MDCA_API_URL: emulator.url, MDCA_API_TOKEN_FILE: file },
        },
      },
    });
    expect({ code, files: filesIn(home), calls: emulator.requests.length }).toEqual({ code: 0, files: [], calls });
    expect(stderr).toContain(file);
  });

  test('a copy in the cache of npx is set up, and the person is told that it may go', async () => {
    const home = newHome();
    const cached = join(home, '.npm', '_npx', '1', 'dist');
    cpSync(`${ROOT}dist`, cached, { recursive: true, filter: (path) => !path.endsWith('esm') });
    const env = { HOME: home, NODE_DISABLE_COMPILE_CACHE: '1' };
    const args = [join(cached, 'main.js'), 'setup', '--demo', ...CURSOR];
    const { status, stderr } = spawnSync(process.execPath, args, { env, input: '', encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stderr).toContain('npm install --global defender-cloud-apps-mcp');
    expect((await setUpCursor(newHome())).stderr).not.toContain('npm install');
  });

  test('the demo needs no tenant', async () => {
    const home = newHome();
    expect(await run([...CURSOR, '--demo'], { HOME: home })).toMatchObject({ code: 0 });
    const { 'mdca-demo': entry } = JSON.parse(readFileSync(cursorFile(home), 'utf8')).mcpServers;
    expect((await firstAnswer(entry)).content).toMatchObject([{ text: expect.stringMatching(/^DEMO DATA/) }]);
  });

  test.each([
    ['nothing', [], {}, /no terminal to ask at: give --client claude-desktop\|.*, and --yes/],
    ['no way to write', ['--client', 'cursor'], {}, /give --yes to write without a question, or --print\./],
    ['a client that is not known', ['--client', 'vs-code', '--yes'], {}, /did you mean vscode\?/],
    ['no URL and no token', CURSOR, {}, /MDCA_API_URL is not set.*MDCA_API_TOKEN is not set/],
    ['a URL of another service', CURSOR, { MDCA_API_URL: 'https://x.example' }, /MDCA_API_URL names no host/],
    ['a setting that is wrong', CURSOR, { MDCA_WRITES: 'maybe' }, /MDCA_WRITES must be one of/],
    ['no home folder', CURSOR, { HOME: 'relative' }, /home folder of this user cannot be found/],
  ])('with %s it says what to give, and writes nothing', async (_what, args, environment, message) => {
    const home = newHome();
    const { code, stdout, stderr } = await run(args, { HOME: home, ...environment });
    expect({ code, stdout, files: filesIn(home) }).toEqual({ code: 2, stdout: '', files: [] });
    expect(JSON.parse(stderr)).toMatchObject({ level: 'error', message: expect.stringMatching(message) });
  });
});
