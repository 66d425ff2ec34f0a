import type { Readable, Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Log } from '../../core/log.ts';

export interface StdioStreams {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
}

/** Longest line in characters, so that a line without an end cannot fill the memory. */
const LONGEST_LINE = 10 * 1024 * 1024;

/** Serves one client over two streams; resolves when the client is gone. */
export async function serveStdio(server: Server, { stdin, stdout, log }: StdioStreams): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.on(event, () => resolve());
    // Without a listener, an EPIPE would end the process.
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

/** One message a line. Unlike the SDK's transport, it does not check messages, because the SDK's protocol does. */
function createTransport(stdin: Readable, stdout: Writable): Transport {
  const receive = cutLines((line) => {
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
    // Does not wait for a slow reader: that would not slow down the calls, and would keep each answer in memory twice.
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

/** Checks only that it is an object with a version; the SDK's protocol checks the rest. */
function isMessage(value: unknown): value is JSONRPCMessage {
  return typeof value === 'object' && value !== null && 'jsonrpc' in value;
}

/** Returns a function that takes chunks and passes on whole lines. @returns false if a line has grown too long */
function cutLines(onLine: (line: string) => void): (chunk: string) => boolean {
  let begun: string[] = [];
  let length = 0;
  return (chunk) => {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end >= 0; end = chunk.indexOf('\n', from)) {
      const line = begun.join('') + chunk.slice(from, end);
      begun = [];
      length = 0;
      from = end + 1;
      onLine(line);
    }
    begun.push(chunk.slice(from));
    length += chunk.length - from;
    return length <= LONGEST_LINE;
  };
}
