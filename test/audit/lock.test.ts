import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { openLocked } from '../../src/audit/lock.ts';
import { ROOT } from '../process.ts';
import { newFile } from './files.ts';

/** While `granted`, everyone gets the lock, as on a file system without locks; with a `code`, asking for it fails. */
const everyone = vi.hoisted((): { granted: boolean; code?: string } => ({ granted: false }));
vi.mock('fs-native-extensions', async (original) => {
  const { tryLock, unlock } = await original<typeof import('fs-native-extensions')>();
  const asked = (...args: Parameters<typeof tryLock>) => {
    if (everyone.code !== undefined) throw Object.assign(new Error('at /secret'), { code: everyone.code });
    return everyone.granted || tryLock(...args);
  };
  return { unlock, tryLock: asked };
});
afterEach(() => {
  everyone.granted = false;
  delete everyone.code;
});

const soon = () => performance.now() + 50;
const LOCKED = { code: 'audit_failed', detail: 'The audit file stayed locked by another process.' };

test('the lock keeps out whoever opens the file again, in this process too, until it is released', async () => {
  const file = newFile();
  const { release } = await openLocked(file, soon());
  await expect(openLocked(file, soon())).rejects.toMatchObject(LOCKED);
  await release();
  await (await openLocked(file, soon())).release();
});

test('the lock stays when another handle of the file is closed, and lets others read', async () => {
  const file = newFile();
  const held = await openLocked(file, soon());
  await held.file.writeFile('held');
  const other = await open(file, 'r+');
  expect(await other.readFile('utf8')).toBe('held');
  await other.close();
  await expect(openLocked(file, soon())).rejects.toMatchObject(LOCKED);
  await held.release();
});

test('the lock ends when its file is closed', async () => {
  const file = newFile();
  const held = await openLocked(file, soon());
  await held.file.close();
  await (await openLocked(file, soon())).release();
});

test('the lock stays with a stopped process, and ends at once with a killed one', async () => {
  const file = newFile();
  const script = `
    import { openLocked } from './dist/esm/src/audit/lock.js';
    await openLocked(process.argv[1], performance.now());
    process.stdout.write('held');
    setInterval(() => {}, 1000);`;
  const holder = spawn(process.execPath, ['--input-type=module', '-e', script, file], { cwd: ROOT });
  await once(holder.stdout, 'data');
  holder.kill('SIGSTOP');
  // Long enough for a package that locks by a file to take the lock for abandoned, as nobody touches the file.
  await expect(openLocked(file, performance.now() + 2_500)).rejects.toMatchObject(LOCKED);
  const killed = once(holder, 'exit');
  holder.kill('SIGKILL');
  await killed;
  await (await openLocked(file, soon())).release();
});

test('a lock that keeps nobody out is refused', async () => {
  everyone.granted = true;
  await expect(openLocked(newFile(), soon())).rejects.toMatchObject({
    code: 'audit_failed',
    detail: 'A lock on the audit file keeps nobody out, perhaps by its file system.',
  });
});

test.each(['EAGAIN', 'EBUSY'])('a lock that answers %s is held by another', async (code) => {
  everyone.code = code;
  await expect(openLocked(newFile(), soon())).rejects.toMatchObject(LOCKED);
});

test('a lock that fails otherwise is no lock that is held', async () => {
  everyone.code = 'EIO';
  await expect(openLocked(newFile(), performance.now() + 60_000)).rejects.toMatchObject({
    code: 'audit_failed',
    detail: 'The audit file could not be locked (EIO).',
  });
});

test('fs-native-extensions comes compiled for all platforms, and runs no script when it is installed', () => {
  const directory = `${ROOT}node_modules/fs-native-extensions`;
  const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-arm64', 'win32-x64'];
  for (const platform of platforms) {
    expect(readdirSync(`${directory}/prebuilds/${platform}`)).toContain('fs-native-extensions.node');
  }
  const { scripts } = JSON.parse(readFileSync(`${directory}/package.json`, 'utf8'));
  for (const name of ['preinstall', 'install', 'postinstall']) expect(scripts).not.toHaveProperty(name);
});
