import { type AddressInfo, createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createEmulator, type Emulator } from '../../src/emulator/emulator.ts';
import { freePort } from '../free_port.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';
import { describeWith, type RealRedis, startRedis } from './parts.ts';

const PASSWORD = 'canary-right-password';

describeWith(['redis-server'], 'check, with a Redis', () => {
  let emulator: Emulator;
  let redis: RealRedis;
  beforeAll(async () => {
    emulator = await createEmulator();
    redis = await startRedis(['--requirepass', PASSWORD], { password: PASSWORD });
  });
  afterAll(async () => {
    await redis.close();
    await emulator.close();
  });
  const environment = (url: string) => ({
    MDCA_API_URL: emulator.url,
    MDCA_API_TOKEN: emulator.token,
    MDCA_REDIS_URL: url,
  });
  const withPassword = (password: string) => redis.url.replace('://', `://:${password}@`);

  async function check(url: string) {
    const begun = performance.now();
    const running = start(['check'], environment(url));
    const code = await running.ended;
    const seconds = (performance.now() - begun) / 1_000;
    expect(running.stdout() + running.stderr()).not.toContain('canary');
    return { code, text: running.stdout(), seconds };
  }

  test('says of which version it is, and how many share the call budget', async () => {
    const server = start([], environment(withPassword(PASSWORD)));
    server.send(INITIALIZE);
    server.send(callOf(2, 'mdca_get_open_alerts', { limit: 1 }));
    await expect.poll(() => messagesOf(server).length, { timeout: 10_000 }).toBe(2);
    const { code, text } = await check(withPassword(PASSWORD));
    expect(text).toMatch(
      /^OK: .*\n(?:.*\n)*(?:Redis|Valkey) \d+\.\d+\S* answers; 2 processes share the call budget now, with this one\.\n$/,
    );
    expect(code).toBe(0);
    server.child.stdin.end();
    await server.ended;
  }, 30_000);

  /** Says that it is of a version, and answers each script with 1; there is nothing else that it knows. */
  async function startNamed(version: string) {
    const info = `redis_version:${version}\r\nloading:0\r\n`;
    const server = createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        for (const command of data
          .toString()
          .split(/^\*\d+\r\n/m)
          .slice(1)) {
          const isInfo = /\binfo\b/.test(command);
          const other = /\beval\b/.test(command) ? ':1\r\n' : '-ERR unknown command HELLO\r\n';
          socket.write(isInfo ? `$${info.length}\r\n${info}\r\n` : other);
        }
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return { url: `redis://127.0.0.1:${port}`, close: () => server.close() };
  }

  test.each([
    ['6.0.16', / answers; .* Warning: this server is made for Redis 6\.2 or later\.$/],
    ['6.2.0', / answers; 1 process shares the call budget now, with this one\.$/],
  ])(
    'warns of a version that is too old: %s',
    async (version, said) => {
      const named = await startNamed(version);
      const { text } = await check(named.url);
      named.close();
      expect(text.trimEnd().split('\n').at(-1)).toMatch(said);
    },
    60_000,
  );

  test('says why it cannot be used, without its password', async () => {
    const silent = createServer((socket) => void socket.on('error', () => {}));
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const checks = await Promise.all([
      check(withPassword('canary-wrong')),
      check(redis.url.replace('redis://', `rediss://:${PASSWORD}@`)),
      check(`redis://:${PASSWORD}@127.0.0.1:${await freePort()}`),
      check(`redis://:${PASSWORD}@127.0.0.1:${port}`),
    ]);
    silent.close();
    const lines = checks.map(({ text }) => text.trimEnd().split('\n').at(-1));
    expect(lines).toEqual([
      expect.stringMatching(/^Redis: FAILED\. It refuses the user or password in MDCA_REDIS_URL \(WRONGPASS\)\.$/),
      expect.stringMatching(/^Redis: FAILED\. No TLS connection came about \(E[A-Z]+\):/),
      'Redis: FAILED. It cannot be reached at the address in MDCA_REDIS_URL (ECONNREFUSED).',
      expect.stringMatching(/^Redis: FAILED\. It ends the connection or does not answer;/),
    ]);
    expect(checks.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    for (const { text, seconds } of checks) {
      expect(text).toMatch(/^FAILED: \S+ was not asked\.\n/);
      // A start, which takes a while where four come at once, and six for Redis.
      expect(seconds).toBeLessThan(12);
    }
  }, 60_000);
});
