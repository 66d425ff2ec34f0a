import type { Readable, Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Log } from '../../core/log.ts';

export interface StdioOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
}

/** In characters. Without a limit, a line that never ends would fill the memory. */
const MAX_LINE_LENGTH = 10 * 1024 * 1024;

/** Serves one client over two streams; resolves when the client is gone. */
export async function serveStdio(server: Server, { stdin, stdout, log }: StdioOptions): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.on(event, () => resolve());
    // An EPIPE without a listener would crash the process.
    for (const event of ['close', 'error']) stdout.on(event, () => resolve());
    const closed = server.onclose;
    server.onclose = () => {
      closed?.();
      resolve();
    };
  });
  // A line that is not JSON-RPC is skipped, and its content is not logged.
  server.onerror = (error) => log.warn('protocol', { error });
  await server.connect(createTransport(stdin, stdout));
  await gone;
}

/** One message per line. The SDK's own transport would validate each message, which the SDK's protocol does anyway. */
function createTransport(stdin: Readable, stdout: Writable): Transport {
  const receive = splitLines((line) => {
    try {
      const message: unknown = JSON.parse(line);
      if (!isMessage(message)) throw new TypeError('a line holds no message');
      transport.onmessage?.(message);
    } catch (error) {
      fail(error);
    }
  });
  const fail = (error: unknown) => transport.onerror?.(error instanceof Error ? error : new Error('no error'));
  const read = (chunk: string) => {
    if (receive(chunk)) return;
    fail(new RangeError('a line is too long'));
    void transport.close();
  };
  const transport: Transport = {
    async start() {
      stdin.setEncoding('utf8').on('data', read);
    },
    // Does not wait for a slow reader: that would not slow down the calls, but keep each answer's object in memory.
    async send(message) {
      stdout.write(`${JSON.stringify(message)}\n`);
    },
    async close() {
      stdin.off('data', read).pause();
      transport.onclose?.();
    },
  };
  return transport;
}

/** Checks only for an object with `jsonrpc`; the SDK's protocol checks the rest. */
function isMessage(value: unknown): value is JSONRPCMessage {
  return typeof value === 'object' && value !== null && 'jsonrpc' in value;
}

/** Splits chunks into lines. The result returns false if the unfinished line has become too long. */
function splitLines(onLine: (line: string) => void): (chunk: string) => boolean {
  let partial: string[] = [];
  let length = 0;
  return (chunk) => {
    let start = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', start)) {
      const line = partial.join('') + chunk.slice(start, end);
      partial = [];
      length = 0;
      start = end + 1;
      onLine(line);
    }
    partial.push(chunk.slice(start));
    length += chunk.length - start;
    return length <= MAX_LINE_LENGTH;
  };
}
