import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { start } from '../process.ts';

let emulator: Emulator;
beforeAll(async () => {
  emulator = await createEmulator({ callsPerMinute: 0 });
});
afterAll(() => emulator.close());

const tenant = () => ({ MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token });

describe('commands', () => {
  const run = async (args: readonly string[], environment?: Record<string, string>) => {
    const running = start(args, environment);
    running.child.stdin.end();
    return { code: await running.ended, stdout: running.stdout(), stderr: running.stderr() };
  };

  test('an incomplete configuration names each missing variable in one line, and exits with 2', async () => {
    const { code, stdout, stderr } = await run([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.trim().split('\n')).toHaveLength(1);
    expect(JSON.parse(stderr).message).toMatch(/MDCA_API_URL is not set.*MDCA_API_TOKEN is not set/);
  });

  test.each([
    [['--demo'], { MDCA_WRITE: 'off' }, 'did you mean MDCA_WRITES?'],
    [['--demo'], { MDCA_TOOLS: 'mdca_get_polcy' }, 'did you mean mdca_get_policy?'],
    [['--demos'], {}, 'did you mean --demo?'],
    [['chekc'], {}, 'did you mean check?'],
    [['--port', '--demo'], {}, '--port needs a value'],
    [[], { MDCA_API_URL: 'https://portal.cloudappsecurity.com.evil.example', MDCA_API_TOKEN: 'x' }, 'MDCA_ALLOW_HOSTS'],
    [['--port', '--demo'], {}, '--port needs a value'],
    [[], { MDCA_API_URL: 'http://contoso.us.portal.cloudappsecurity.com', MDCA_API_TOKEN: 'x' }, 'https'],
  ])('%j with %j stops the start and says %s', async (args, environment, hint) => {
    const { code, stdout, stderr } = await run(args, environment);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(JSON.parse(stderr).message).toContain(hint);
  });

  test('--help and --version print and exit with 0', async () => {
    expect(await run(['--version'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
      stderr: '',
    });
    expect(await run(['--help'])).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('MDCA_API_URL'),
      stderr: '',
    });
  });

  test('check prints what works, or what to do', async () => {
    const good = await run(['check', '--log-level', 'error'], tenant());
    expect(good).toMatchObject({ code: 0, stdout: expect.stringMatching(/^OK: .* lets it read alerts/) });
    const bad = await run(['check', '--log-level', 'error'], { ...tenant(), MDCA_API_TOKEN: 'revoked' });
    expect(bad).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^FAILED: .*\nunauthorized: .*\n(?:.*\n)*To do: /),
    });
  });

  test('check finds what would stop a server over HTTP, or every write', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'check-'));
    const short = join(folder, 'short');
    writeFileSync(short, 'short');
    const check = (environment: Record<string, string>) =>
      run(['check', '--log-level', 'error'], { ...tenant(), MDCA_HTTP: '0', ...environment });
    for (const name of ['MDCA_HTTP_TOKEN_FILE', 'MDCA_HOOK_SECRET_FILE']) {
      expect(await check({ [name]: short })).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(name),
      });
    }
    const trail = await check({ MDCA_AUDIT_FILE: join(short, 'audit.jsonl') });
    expect(trail).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/^OK: .*\nAudit trail: FAILED\. .*refused\.$/ms),
    });
    expect(await check({ MDCA_AUDIT_FILE: join(folder, 'audit.jsonl') })).toMatchObject({ code: 0 });
    rmSync(folder, { recursive: true });
  });

  test('check --demo checks the demo tenant', async () => {
    expect(await run(['check', '--demo', '--log-level', 'error'])).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^OK/),
    });
  });

  test('emulator does not print a token of the environment, and says when its port is taken', async () => {
    const running = start(['emulator'], { MDCA_API_TOKEN: 'a-real-token' });
    await expect.poll(() => running.stdout()).toContain('MDCA_API_TOKEN');
    expect(running.stdout()).not.toContain('a-real-token');
    const port = /:(\d+)$/m.exec(running.stdout())?.[1] ?? '';
    const second = await run(['emulator', '--port', port]);
    expect(second).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(`Port ${port} cannot be opened`),
    });
    running.child.kill('SIGTERM');
    await running.ended;
  });

  test('emulator prints the settings that reach it, and ends on SIGTERM', async () => {
    const running = start(['emulator']);
    await expect.poll(() => running.stdout()).toContain('MDCA_CALLS_PER_MINUTE=30\n');
    const settings = Object.fromEntries(
      running
        .stdout()
        .split('\n')
        .map((line) => line.split('=', 2)),
    );
    expect((await run(['check', '--log-level', 'error'], settings)).code).toBe(0);
    running.child.kill('SIGTERM');
    expect(await running.ended).toBe(0);
  });
});
