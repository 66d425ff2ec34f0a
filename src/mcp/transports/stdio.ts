import type { Readable, Writable } from 'node:stream';
import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { ErrorCode } from '@modelcontextprotocol/sdk/types.js';
import type { Log } from '../../core/log.ts';
import { cancelledId } from '../read_message.ts';
import { createBatches } from './batches.ts';
import { createLines } from './lines.ts';
import { createPatience } from './patience.ts';
import { createLineReader } from './read_line.ts';
import type { ValueTransport } from './value_transport.ts';

export interface StdioOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
}

/** Serves one client over two streams; resolves when the client is gone, or does not read its answers. */
export function serveStdio(server: Server, { stdin, stdout, log }: StdioOptions): Promise<'gone' | 'unread'> {
  return new Promise((resolve, reject) => {
    for (const event of ['end', 'close', 'error']) stdin.on(event, () => resolve('gone'));
    // An EPIPE without a listener would crash the process.
    for (const event of ['close', 'error']) stdout.on(event, () => resolve('gone'));
    const closed = server.onclose;
    server.onclose = () => {
      closed?.();
      resolve('gone');
    };
    // The content of a message is not logged.
    server.onerror = (error) => log.warn('protocol', { error });
    const checkUnread = createPatience(stdin, stdout, (bytes) => {
      log.error('the client does not read its answers, so the server ends', { bytes });
      resolve('unread');
    });
    server.connect(createTransport(stdin, stdout, checkUnread)).catch(reject);
  });
}

/** One message or batch a line. */
function createTransport(stdin: Readable, stdout: Writable, checkUnread: () => void): ValueTransport {
  // Does not wait for a slow reader: that would not slow down the calls, but keep each answer's object in memory.
  const write = (value: object) => {
    stdout.write(`${JSON.stringify(value)}\n`);
    checkUnread();
  };
  const batches = createBatches(write);
  const onMessage = (value: unknown) => {
    const cancelled = cancelledId(value);
    if (cancelled !== undefined) batches.forget(cancelled);
    transport.onmessage?.(value);
  };
  const reader = createLineReader({
    onMessage,
    deal: batches.deal,
    refuse: (error) => void transport.send(error),
  });
  const lines = createLines(reader.read);
  const read = (chunk: string) => {
    if (lines.add(chunk)) return;
    reader.refuseLine(lines.rest(), ErrorCode.InvalidRequest, 'A line may have 10 MiB; the server ends.');
    void transport.close();
  };
  const transport: ValueTransport = {
    async start() {
      stdin.setEncoding('utf8').on('data', read);
      // The last line counts even if it has no newline.
      stdin.on('end', () => reader.read(lines.rest()));
    },
    async send(message) {
      if ('method' in message) return write(message);
      const answer = { ...message, id: message.id ?? null };
      if (!batches.take(answer)) write(answer);
    },
    async close() {
      stdin.off('data', read).pause();
      transport.onclose?.();
    },
  };
  return transport;
}
