import type { Readable, Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { JSONRPCMessage } from '@modelcontextprotocol/sdk/types.js';
import type { Log } from '../../core/log.ts';

export interface StdioDoor {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
}

/** A line without an end must not fill the memory; in characters. */
const LONGEST_LINE = 10 * 1024 * 1024;

/** Serves one client over two streams; resolves when the client is gone. */
export async function serveStdio(server: Server, { stdin, stdout, log }: StdioDoor): Promise<void> {
  const gone = new Promise<void>((resolve) => {
    for (const event of ['end', 'close', 'error']) stdin.on(event, () => resolve());
    // A listener for each error: an unheard EPIPE would crash the process.
    for (const event of ['close', 'error']) stdout.on(event, () => resolve());
    const closed = server.onclose;
    server.onclose = () => {
      closed?.();
      resolve();
    };
  });
  // A line that is no JSON-RPC is skipped; what it held is not logged.
  server.onerror = (error) => log.warn('protocol', { error });
  await server.connect(createTransport(stdin, stdout));
  await gone;
}

/** One message a line. The SDK's own checks each against its schemas, as the SDK's protocol then does once more. */
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
    // To wait for a slow reader here would hold back nothing, and keep alive each answer's value beside its text.
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

/** An object, at least; of what it must hold the protocol knows more. */
function isMessage(value: unknown): value is JSONRPCMessage {
  return typeof value === 'object' && value !== null && 'jsonrpc' in value;
}

/** Takes chunks as they come and gives the lines in them; false when one has grown too long. */
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
