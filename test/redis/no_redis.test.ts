import { randomBytes } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createEmulator } from '../../src/emulator/emulator.ts';
import { callOf, INITIALIZE, messagesOf, start } from '../process.ts';

const INFO = `redis_version:7.0.0\r\nloading:0\r\nrun_id:${'a'.repeat(40)}\r\n`;

/** Answers each command but INFO with the same. */
function always(reply: string) {
  return (socket: Socket, data: Buffer) => {
    const commands = data
      .toString()
      .split(/^\*\d+\r\n/m)
      .slice(1);
    for (const command of commands) {
      const other = /\bhello\b/i.test(command) ? '-ERR unknown command HELLO\r\n' : reply;
      socket.write(/\binfo\b/i.test(command) ? `$${INFO.length}\r\n${INFO}\r\n` : other);
    }
  };
}

const PROGRAMS: Record<string, (socket: Socket, data: Buffer) => void> = {
  'a web server': (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n'),
  noise: (socket) => void socket.write(randomBytes(4_096)),
  'numbers alone': always(':1\r\n'),
  'OK alone': always('+OK\r\n'),
  'nothing alone': always('$-1\r\n'),
  'empty lists alone': always('*0\r\n'),
  'a list in lists': always(`${'*1\r\n'.repeat(1_000)}:1\r\n`),
  'the beginning of a huge text': always('$536870912\r\nx'),
};

test.each(Object.entries(PROGRAMS))(
  'where Redis should be is %s: nothing is sent, and no process ends',
  async (_what, answer) => {
    const emulator = await createEmulator();
    const program = createServer((socket) => {
      socket.on('error', () => {}).on('data', (data) => answer(socket, data));
    });
    await new Promise<void>((resolve) => program.listen(0, '127.0.0.1', resolve));
    const { port } = program.address() as AddressInfo;
    const service = { MDCA_API_URL: emulator.url, MDCA_API_TOKEN: emulator.token };
    const server = start([], { ...service, MDCA_REDIS_URL: `redis://127.0.0.1:${port}` });
    server.send(INITIALIZE);
    server.send(callOf(2, 'mdca_wait_for_alerts', { wait_seconds: 0 }));
    await delay(5_000);
    expect(server.child.exitCode, server.stderr()).toBeNull();
    expect(server.stderr().split('\n').length).toBeLessThan(12);
    server.send({ jsonrpc: '2.0', id: 3, method: 'tools/list' });
    await expect.poll(() => messagesOf(server).some(({ id }) => id === 3), { timeout: 5_000 }).toBe(true);
    expect(emulator.requests).toEqual([]);
    server.child.stdin.end();
    await server.ended;
    program.close();
    await emulator.close();
  },
  30_000,
);
