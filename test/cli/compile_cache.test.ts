import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { INITIALIZE, messagesOf, ROOT, start } from '../process.ts';

const folders: string[] = [];
const newFolder = () => {
  const folder = mkdtempSync(join(tmpdir(), 'mdca-cache-'));
  folders.push(folder);
  return folder;
};
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

const SETTINGS = { MDCA_API_URL: 'http://127.0.0.1:9', MDCA_API_TOKEN: 'x' };
const canKeep = Number(process.versions.node.split('.')[0]) >= 22;
const files = (folder: string) => (existsSync(folder) ? readdirSync(folder, { recursive: true }) : []);

/** Starts a server, waits until it is ready, and kills it as clients do. */
async function startAndKill(environment: Record<string, string>, isReady: () => boolean): Promise<void> {
  const running = start([], { ...SETTINGS, ...environment });
  running.send(INITIALIZE);
  await expect.poll(() => messagesOf(running)).toHaveLength(1);
  await expect.poll(() => running.stderr()).toContain('serving');
  await expect.poll(isReady).toBe(true);
  running.child.kill('SIGKILL');
  await running.ended;
}

test.runIf(canKeep)("compiled code is kept in this user's own cache, even by a server that is killed", async () => {
  const folder = newFolder();
  const own = join(folder, 'defender-cloud-apps-mcp');
  await startAndKill({ XDG_CACHE_HOME: folder, HOME: folder }, () => files(own).length > 1);
  expect(readdirSync(folder)).toEqual(['defender-cloud-apps-mcp']);
});

test('the server also starts where the cache cannot be written or is disabled', async () => {
  await startAndKill({ XDG_CACHE_HOME: '/dev/null', HOME: '/dev/null' }, () => true);
  const folder = newFolder();
  await startAndKill({ XDG_CACHE_HOME: folder, NODE_DISABLE_COMPILE_CACHE: '1' }, () => true);
  expect(files(join(folder, 'defender-cloud-apps-mcp'))).toEqual([]);
});

test.runIf(canKeep)('the cache never lies in the folder in which the server was started', () => {
  const home = newFolder();
  for (const [environment, inHome] of [
    [{ HOME: '' }, []],
    [{ HOME: 'home' }, []],
    [{ HOME: '', XDG_CACHE_HOME: 'cache' }, []],
    [{ HOME: '.', XDG_CACHE_HOME: './cache' }, []],
    [{ HOME: home, XDG_CACHE_HOME: 'cache' }, ['.cache']],
  ] as const) {
    const cwd = newFolder();
    const ran = spawnSync(process.execPath, [`${ROOT}dist/main.js`, '--version'], { cwd, env: environment });
    expect(ran.status).toBe(0);
    expect(files(cwd), JSON.stringify(environment)).toEqual([]);
    expect(readdirSync(home)).toEqual(inHome);
  }
});
