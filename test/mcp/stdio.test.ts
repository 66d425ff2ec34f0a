import { PassThrough, Writable } from 'node:stream';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createMethods } from '../../src/mcp/methods.ts';
import { serveStdio } from '../../src/mcp/transports/stdio.ts';
import { createTestLog } from '../writes/parts.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A server with a client that reads only when it is told to. */
function serve() {
  const stdin = new PassThrough();
  const written: string[] = [];
  let pending: (() => void)[] = [];
  const stdout = new Writable({
    write(chunk, _encoding, done) {
      written.push(String(chunk));
      pending.push(done);
    },
  });
  const service = () => Promise.reject(new Error('no call is made'));
  const faces = { tools: [], resources: [], prompts: [] };
  const methods = createMethods({ version: '0', ...faces, allowed: new Set(), service });
  const { log, lines } = createTestLog();
  let ended: string | undefined;
  void serveStdio(methods, { stdin, stdout, log }).then((how) => {
    ended = how;
  });
  const settle = () => vi.advanceTimersByTimeAsync(0).then(() => new Promise((resolve) => setImmediate(resolve)));
  return {
    stdin,
    stdout,
    written,
    lines,
    ended: () => ended,
    settle,
    async send(id: string) {
      stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method: 'ping' })}\n`);
      // The first message loads what answers it.
      do await settle();
      while (written.length === 0);
    },
    async readAll() {
      while (pending.length > 0) {
        for (const done of pending.splice(0)) done();
        await settle();
      }
      pending = [];
    },
  };
}

/** An answer repeats the id, so this one takes a MiB. */
const LONG = 'x'.repeat(1 << 20);

describe('a client that does not read', () => {
  test('is given up after 5 s with 16 MiB unread, which is said on stderr', async () => {
    const client = serve();
    for (let n = 0; n < 17; n++) await client.send(LONG);
    expect(client.stdin.isPaused()).toBe(true);
    await client.send(LONG);
    expect(client.stdout.writableLength, 'no further request is read').toBeLessThan(18 << 20);
    await vi.advanceTimersByTimeAsync(4_999);
    expect(client.ended()).toBeUndefined();
    await vi.advanceTimersByTimeAsync(1);
    expect(client.ended()).toBe('unread');
    expect(JSON.parse(client.lines.at(-1) ?? '')).toMatchObject({
      level: 'error',
      message: 'the client does not read its answers, so the server ends',
      bytes: client.stdout.writableLength,
    });
  });

  test('is waited for below that', async () => {
    const client = serve();
    for (let n = 0; n < 15; n++) await client.send(LONG);
    await vi.advanceTimersByTimeAsync(600_000);
    expect(client.ended()).toBeUndefined();
    expect(client.stdin.isPaused()).toBe(false);
    expect(client.lines).toEqual([]);
  });

  test('is served further if it reads in time, as often as that happens', async () => {
    const client = serve();
    for (let round = 0; round < 3; round++) {
      for (let n = 0; n < 20; n++) await client.send(LONG);
      await vi.advanceTimersByTimeAsync(4_000);
      await client.readAll();
      expect(client.stdin.isPaused()).toBe(false);
    }
    await client.send('last');
    await client.readAll();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(client.ended()).toBeUndefined();
    expect(client.written.filter((line) => line.length > 1 << 20)).toHaveLength(60);
    expect(client.written.at(-1)).toBe('{"result":{},"jsonrpc":"2.0","id":"last"}\n');
    expect(client.lines).toEqual([]);
  });
});
