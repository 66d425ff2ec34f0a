import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTrail } from '../../src/audit/trail.ts';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { fill } from '../audit/files.ts';
import { start } from '../process.ts';

const TENANT = 'https://contoso.us2.portal.cloudappsecurity.com';
const isPosix = process.platform !== 'win32';
const folder = mkdtempSync(join(tmpdir(), 'files-'));
let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(async () => {
  await emulator.close();
  rmSync(folder, { recursive: true });
});

const fileOf = (name: string, content: string | Buffer) => {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
};
const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();
const ENCODINGS = {
  'UTF-16 LE': (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16 BE': (text: string) => utf16be(`\uFEFF${text}`),
  'UTF-8 with a byte order mark': (text: string) => Buffer.from(`\uFEFF${text}`),
};

async function run(args: readonly string[], environment: Record<string, string>) {
  const running = start(args, environment);
  running.child.stdin.end();
  // A start that hangs is a failure, and no process may be left behind.
  const tooLong = setTimeout(() => running.child.kill('SIGKILL'), 10_000);
  const code = await running.ended;
  clearTimeout(tooLong);
  return { code, stdout: running.stdout(), stderr: running.stderr() };
}
const checkWith = (MDCA_API_TOKEN_FILE: string) =>
  run(['check', '--log-level', 'error'], { MDCA_API_URL: emulator.url, MDCA_API_TOKEN_FILE });

describe('a token file', () => {
  test.each(Object.entries(ENCODINGS))('in %s is read', async (name, encode) => {
    const checked = await checkWith(fileOf(name, encode(`${emulator.token}\r\n`)));
    expect(checked).toMatchObject({ code: 0, stdout: expect.stringMatching(/^OK/), stderr: '' });
  });

  test('that is UTF-16 without a mark holds no token', async () => {
    const { code, stderr } = await checkWith(fileOf('unmarked', Buffer.from(emulator.token, 'utf16le')));
    expect(code).toBe(2);
    expect(stderr).toContain('MDCA_API_TOKEN_FILE does not hold an API token');
  });

  const shell = (script: string, path: string) => void execFileSync('sh', ['-c', script, path]);
  const special = (what: string, make: (path: string) => string | undefined) => {
    const path = join(folder, what);
    return make(path) ?? path;
  };
  test.runIf(isPosix).each([
    ['a named pipe', (path: string) => shell('mkfifo "$0"', path), 'not a regular file'],
    ['a device without an end', () => '/dev/zero', 'not a regular file'],
    ['a terminal or a pipe of this process', () => '/dev/stdin', 'MDCA_API_TOKEN_FILE names'],
    ['a folder', (path: string) => void mkdirSync(path), 'not a regular file'],
    ['a huge file', (path: string) => shell('truncate -s 1T "$0"', path), 'more than 64 KiB'],
    ['a file that is not there', () => '/no/such/file', 'cannot be read'],
  ])('that is %s is refused at once', async (what, make, why) => {
    const { code, stderr } = await checkWith(special(what, make));
    expect(code).toBe(2);
    expect(JSON.parse(stderr).message).toContain('MDCA_API_TOKEN_FILE');
    expect(JSON.parse(stderr).message).toContain(why);
  });

  test('of 64 KiB is still read, which is no token', async () => {
    const { code, stderr } = await checkWith(fileOf('large', 'a b'.padEnd(64 * 1024)));
    expect(code).toBe(2);
    expect(stderr).toContain('does not hold an API token');
  });
});

describe('certificates', () => {
  const settings = { MDCA_API_URL: TENANT, MDCA_API_TOKEN: 'x' };

  test.each(Object.entries(ENCODINGS))(
    'in %s, of which Node reads nothing, stop the start by name',
    async (name, encode) => {
      const NODE_EXTRA_CA_CERTS = fileOf(`${name}.pem`, encode('-----BEGIN CERTIFICATE-----\n'));
      const { code, stderr } = await run([], { ...settings, NODE_EXTRA_CA_CERTS });
      expect(code).toBe(2);
      expect(stderr).toContain(`NODE_EXTRA_CA_CERTS names a file in ${name.replace(/ [LB]E$/, '')}`);
      const local = await run(['--demo'], { NODE_EXTRA_CA_CERTS });
      expect(local.code).toBe(0);
    },
  );

  test('do no harm where they are a plain file or none', async () => {
    for (const NODE_EXTRA_CA_CERTS of [fileOf('plain.pem', '-----BEGIN'), '/no/such/file']) {
      expect((await run([], { ...settings, NODE_EXTRA_CA_CERTS })).code).toBe(0);
    }
  });

  test('are checked, or nothing starts', async () => {
    const unchecked = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
    for (const args of [[], ['check']]) {
      const { code, stderr } = await run(args, { ...settings, ...unchecked });
      expect(code).toBe(2);
      expect(stderr).toContain('NODE_TLS_REJECT_UNAUTHORIZED');
    }
    const own = await run(['check'], { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, ...unchecked });
    expect(own.code).toBe(0);
  });
});

describe('an audit trail that a program has rewritten', () => {
  const verify = (file: string) => run(['verify-audit', file], {});
  const trailOf = async (name: string) => {
    const file = join(folder, name);
    await fill(createTrail(file), 4);
    return file;
  };

  test.each(['UTF-16 LE', 'UTF-16 BE'] as const)('in %s is refused by that name, and so is its head', async (name) => {
    for (const suffix of ['', '.head']) {
      const file = await trailOf(`audit ${name}${suffix}.jsonl`);
      writeFileSync(`${file}${suffix}`, ENCODINGS[name](readFileSync(`${file}${suffix}`, 'utf8')));
      const { code, stdout, stderr } = await verify(file);
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toContain('UTF-16');
    }
  });

  test('with a byte order mark is broken at its first line, by that name', async () => {
    const file = await trailOf('audit marked.jsonl');
    expect((await verify(file)).code).toBe(0);
    writeFileSync(file, `\uFEFF${readFileSync(file, 'utf8')}`);
    const { code, stdout } = await verify(file);
    expect(code).toBe(1);
    expect(stdout).toContain('BROKEN at line 1: it begins with a byte order mark');
  });
});

test('a placeholder for the audit file stops the start, and no file comes about', async () => {
  for (const unfilled of ['$' + '{MDCA_AUDIT_FILE}', '%AUDIT%', '$AUDIT', '{{audit}}', '<your file>', '   ']) {
    for (const [args, environment] of [
      [['--demo'], { MDCA_AUDIT_FILE: unfilled }],
      [['--demo', '--audit-file', unfilled], {}],
    ] as const) {
      const { code, stderr } = await run(args, environment);
      expect(code, unfilled).toBe(2);
      expect(stderr).toContain('MDCA_AUDIT_FILE');
    }
  }
  expect(readdirSync('.').filter((name) => /[$%{<]/.test(name))).toEqual([]);
});
