import type { Readable, Writable } from 'node:stream';
import type { Log } from '../../core/log.ts';
import { cancelledId, RPC } from '../json_rpc.ts';
import { createLegacyServers } from '../legacy/server.ts';
import type { Methods } from '../methods.ts';
import { toJson } from '../prepared.ts';
import { createBatches } from './batches.ts';
import { createLines } from './lines.ts';
import { createModernLines, type ModernLines } from './modern_lines.ts';
import { createPatience } from './patience.ts';
import { createLineReader } from './read_line.ts';
import type { ValueTransport } from './value_transport.ts';

export interface StdioOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
}

/** Serves one client over two streams; resolves when the client is gone, or does not read its answers. */
export function serveStdio(methods: Methods, { stdin, stdout, log }: StdioOptions): Promise<'gone' | 'unread'> {
  return new Promise((resolve, reject) => {
    // What was just read may still have to be handed on.
    const gone = () => void modern.settled().then(() => resolve('gone'));
    for (const event of ['end', 'close', 'error']) stdin.on(event, gone);
    // An EPIPE without a listener would crash the process.
    for (const event of ['close', 'error']) stdout.on(event, gone);
    const server = createLegacyServers(methods)();
    const closed = server.onclose;
    server.onclose = () => {
      closed?.();
      gone();
    };
    // The content of a message is not logged.
    server.onerror = (error) => log.warn('protocol', { error });
    const checkUnread = createPatience(stdin, stdout, (bytes) => {
      log.error('the client does not read its answers, so the server ends', { bytes });
      resolve('unread');
    });
    // Does not wait for a slow reader: that would not slow down the calls, but keep each answer's object in memory.
    const write = (value: object) => {
      stdout.write(`${toJson(value)}\n`);
      checkUnread();
    };
    const modern = createModernLines(methods, write);
    server.connect(createTransport(stdin, write, modern)).catch(reject);
  });
}

/** One message or batch a line. */
function createTransport(stdin: Readable, write: (value: object) => void, modern: ModernLines): ValueTransport {
  const batches = createBatches(write);
  const onMember = (value: unknown) => {
    const refusal = modern.refusalOfMember(value);
    if (refusal) return void transport.send(refusal);
    const cancelled = cancelledId(value);
    if (cancelled !== undefined) batches.forget(cancelled);
    transport.onmessage?.(value);
  };
  const onMessage = (value: unknown) => {
    if (!modern.take(value)) onMember(value);
  };
  const reader = createLineReader({
    onMessage,
    onMember,
    deal: batches.deal,
    refuse: (error) => void transport.send(error),
  });
  const lines = createLines(reader.read);
  const read = (chunk: string) => {
    if (lines.add(chunk)) return;
    reader.refuseLine(lines.rest(), RPC.invalidRequest, 'A line may have 10 MiB; the server ends.');
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
