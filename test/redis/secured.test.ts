import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { leaked } from '../leaked.ts';
import { callOf, INITIALIZE, type Running, start } from '../process.ts';
import { openIds } from '../samples.ts';
import { callTool, describeWith, type RealRedis, startRedis } from './parts.ts';

const PASSWORD = 'Canary-redis-password-0123456789';
const CLOSE = 'mdca_close_alert_benign';
const PATIENT = { timeout: 15_000 };

describeWith(['redis-server'], 'a Redis behind TLS and a user with a password', () => {
  let emulator: Emulator;
  let redis: RealRedis;
  const folder = mkdtempSync(join(tmpdir(), 'secured-'));
  const running: Running[] = [];
  beforeAll(async () => {
    emulator = await createEmulator({ callsPerMinute: 0 });
    const altNames = [{ type: 7, ip: '127.0.0.1' } as const];
    const extensions = [{ name: 'subjectAltName' as const, altNames }];
    const made = await generate([{ name: 'commonName', value: 'test' }], { keySize: 2048, extensions });
    writeFileSync(join(folder, 'cert.pem'), made.cert);
    writeFileSync(join(folder, 'key.pem'), made.private);
    const files = ['--tls-cert-file', join(folder, 'cert.pem'), '--tls-key-file', join(folder, 'key.pem')];
    const user = ['--user', 'mdca', 'on', `>${PASSWORD}`, '~*', '&*', '+@all', '--user', 'default', 'off'];
    const own = { host: '127.0.0.1', username: 'mdca', password: PASSWORD, tls: { ca: made.cert } };
    redis = await startRedis([...files, '--tls-auth-clients', 'no', ...user], own);
  }, 10_000);
  afterAll(async () => {
    for (const { child } of running) child.kill('SIGKILL');
    await redis.close();
    await emulator.close();
    rmSync(folder, { recursive: true });
  });

  function begin(password: string): Running {
    const url = redis.url.replace('://', `://mdca:${password}@`);
    const service = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token, MDCA_CALLS_PER_MINUTE: '1000' };
    const certificates = { NODE_EXTRA_CA_CERTS: join(folder, 'cert.pem') };
    const server = start([], { ...service, ...certificates, MDCA_REDIS_URL: url, MDCA_LOG_LEVEL: 'debug' });
    running.push(server);
    server.send(INITIALIZE);
    return server;
  }

  const call = (server: Running, id: number, args: object) => callTool(server, id, CLOSE, args);

  test('holds the budget and the codes; no secret and no code stands in a key, a value or a line', async () => {
    const server = begin(PASSWORD);
    const args = { alert_ids: openIds(emulator.state.alerts, 1), comment: 'canary-comment' };
    const code = /"confirm":"([^"]+)"/.exec(await call(server, 2, args))?.[1] ?? '';
    expect(code.length).toBeGreaterThan(20);
    const keys = await redis.client.keys('*');
    expect(keys.some((key) => key.includes(':budget:members'))).toBe(true);
    expect(keys.some((key) => key.includes(':code:'))).toBe(true);
    expect(await call(server, 3, { ...args, confirm: code })).toContain('closed');
    const held = await Promise.all(
      (await redis.client.keys('*')).map(async (key) => [key, await redis.client.dump(key)]),
    );
    const written = `${held.flat().join('\n')}\n${server.stderr()}`;
    expect(leaked(written, [PASSWORD, emulator.token, code])).toEqual([]);
  }, 30_000);

  test('a wrong password is said once, without it, and no call leaves', async () => {
    const sent = emulator.requests.length;
    const server = begin('Canary-wrong-password');
    server.send(callOf(2, CLOSE, { alert_ids: openIds(emulator.state.alerts, 1) }));
    const said = () => server.stderr().split('check user and password in MDCA_REDIS_URL').length - 1;
    await expect.poll(said, PATIENT).toBe(1);
    // Some attempts later it is still said once.
    await new Promise((resolve) => setTimeout(resolve, 2_000));
    expect(said()).toBe(1);
    expect(leaked(server.stderr() + server.stdout(), ['Canary-wrong-password'])).toEqual([]);
    expect(emulator.requests).toHaveLength(sent);
  }, 40_000);
});
