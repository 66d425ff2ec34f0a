import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { tools } from '../fixture.ts';
import { ROOT, start } from '../process.ts';

const run = promisify(execFile);
const FOLDER = `${ROOT}test/clients`;
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
/** What the newest of these clients need. */
const isReady = existsSync(`${FOLDER}/node_modules`) && (major > 22 || (major === 22 && minor >= 19));
const KEY = 'soc-key-0123456789abcdefghijklmnopqrstuv';

/** What a model sees of each answer. */
interface Seen {
  readonly names: readonly string[];
  readonly id: string;
  readonly read: string;
  readonly error: string;
  readonly plan: string;
  readonly done: string;
}

/** A server over HTTP before a tenant of its own. Callers sign in by KEY. */
async function serve() {
  const emulator = await createEmulator({ callsPerMinute: 0 });
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  const keys = join(folder, 'keys');
  writeFileSync(keys, `soc ${KEY}\n`);
  const tenant = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, MDCA_HTTP_TOKEN_FILE: keys };
  const running = start(['--http', '0'], tenant);
  onTestFinished(async () => {
    running.child.kill('SIGKILL');
    await emulator.close();
    rmSync(folder, { recursive: true });
  });
  await expect.poll(() => running.stderr()).toContain('"serving"');
  const { url } = JSON.parse(running.stderr().split('\n', 1).join());
  return { url, emulator, folder };
}

/** Lets a client list, read, err, plan a change, and confirm it by its code. */
async function drive(client: string) {
  const { url, emulator } = await serve();
  const { stdout } = await run(process.execPath, [`${FOLDER}/drive.mjs`, client, url, KEY]);
  const seen: Seen = JSON.parse(stdout);
  const alert = emulator.state.alerts.find(({ _id }) => _id === seen.id);
  const written = emulator.requests.filter(({ effect }) => effect === 'write').length;
  return { seen, alert, written };
}

/**
 * Whether a client keeps what a code is bound to. Each command of the Inspector in the older era is a session of its
 * own, and a code is good in its own session only; in the newer era a code is bound to the caller.
 */
const CLIENTS: readonly (readonly [string, boolean])[] = [
  ['sdk_v2', true],
  ['sdk_v2_auto', true],
  ['sdk_v2_pinned', true],
  ['langchain', true],
  ['ai_sdk', true],
  ['openai_agents', true],
  ['inspector', false],
  ['inspector_modern', true],
];

test.skipIf(!isReady).each(CLIENTS)(
  '%s works over HTTP (needs Node 22.19 and `npm ci --prefix test/clients`)',
  async (client, keepsSession) => {
    const { seen, alert, written } = await drive(client);
    expect([...seen.names].sort()).toEqual(tools.map(({ name }) => name).sort());
    expect(seen.read).toContain(`${seen.id} `);
    expect(seen.error).toMatch(/not_found: .*mdca_list_policies/s);
    expect(seen.plan).toMatch(/confirmation_required/);
    expect(seen.done).toMatch(keepsSession ? /closed 1 of 1 alerts/ : /confirm_refused: .*another session/);
    expect(written).toBe(keepsSession ? 1 : 0);
    expect(alert?.resolutionStatusValue === 0).toBe(!keepsSession);
  },
);

/** The command line of Claude Code, with a home of its own. */
async function claude(home: string, ...args: string[]): Promise<string> {
  const quiet = { DISABLE_TELEMETRY: '1', CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' };
  const env = { PATH: process.env.PATH, HOME: home, ...quiet };
  const launcher = `${FOLDER}/node_modules/@anthropic-ai/claude-code/cli-wrapper.cjs`;
  return (await run(process.execPath, [launcher, ...args], { cwd: home, env })).stdout;
}

test.skipIf(!isReady)(
  'Claude Code connects over stdio and over HTTP (needs Node 22.19 and `npm ci --prefix test/clients`)',
  async () => {
    const { url, folder } = await serve();
    await claude(folder, 'mcp', 'add', '--transport', 'http', 'by-http', url, '--header', `X-Api-Key: ${KEY}`);
    await claude(folder, 'mcp', 'add', 'by-stdio', '--', process.execPath, `${ROOT}dist/main.js`, '--demo');
    const health = await claude(folder, 'mcp', 'list');
    expect(health).toMatch(/^by-http: .*Connected$/m);
    expect(health).toMatch(/^by-stdio: .*Connected$/m);
  },
);

test.skipIf(!isReady)(
  'Claude Code takes the manifest of the plug-in (needs Node 22.19 and `npm ci --prefix test/clients`)',
  async () => {
    const home = mkdtempSync(join(tmpdir(), 'plugin-'));
    mkdirSync(join(home, '.claude-plugin'));
    cpSync(`${ROOT}.claude-plugin/plugin.json`, join(home, '.claude-plugin/plugin.json'));
    expect(await claude(home, 'plugin', 'validate', home)).toContain('Validation passed');
    rmSync(home, { recursive: true });
  },
);
