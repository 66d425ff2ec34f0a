import type { Readable, Writable } from 'node:stream';
import type { Log } from '../../core/log.ts';
import { cancelledId, RPC } from '../json_rpc.ts';
import type { Methods } from '../methods.ts';
import { toJson } from '../prepared.ts';
import { type Batches, createBatches } from './batches.ts';
import { createLegacyLines, type LegacyLines } from './legacy_lines.ts';
import { createLines } from './lines.ts';
import { createModernLines, type ModernLines } from './modern_lines.ts';
import { createPatience } from './patience.ts';
import { createLineReader } from './read_line.ts';
import type { ValueTransport } from './value_transport.ts';

export interface StdioOptions {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly log: Log;
  /** Called when something has been answered for the first time. */
  readonly onAnswered?: () => void;
  /** Resolves when the server is about to end. */
  readonly ending?: Promise<unknown>;
}

/** Serves one client over two streams; resolves when the client is gone, or does not read its answers. */
export function serveStdio(
  methods: Methods,
  { stdin, stdout, log, ...options }: StdioOptions,
): Promise<'gone' | 'unread'> {
  return new Promise((resolve, reject) => {
    // What was just read may still have to be handed on.
    const gone = () => void Promise.all([modern.settled(), legacy.settled()]).then(() => resolve('gone'));
    for (const event of ['end', 'close', 'error']) stdin.on(event, gone);
    // An EPIPE without a listener would crash the process.
    for (const event of ['close', 'error']) stdout.on(event, gone);
    const checkUnread = createPatience(stdin, stdout, (bytes) => {
      log.error('the client does not read its answers, so the server ends', { bytes });
      resolve('unread');
    });
    // Does not wait for a slow reader: that would not slow down the calls, but keep each answer's object in memory.
    let { onAnswered } = options;
    const write = (value: object) => {
      stdout.write(`${toJson(value)}\n`);
      checkUnread();
      onAnswered?.();
      onAnswered = undefined;
    };
    const batches = createBatches(write);
    const transport = createTransport(write, batches, () => {
      stdin.off('data', read).pause();
      gone();
    });
    const modern = createModernLines(methods, write);
    void options.ending?.then(modern.end);
    const legacy = createLegacyLines({ methods, transport, log, onFailed: reject });
    const { read, readLast } = createReader({ transport, batches, modern, legacy });
    // The last line counts even if it has no newline.
    stdin.setEncoding('utf8').on('data', read).on('end', readLast);
  });
}

/** One message or batch a line. */
function createTransport(write: (value: object) => void, batches: Batches, onClosed: () => void): ValueTransport {
  const transport: ValueTransport = {
    async start() {},
    async send(message) {
      if ('method' in message) return write(message);
      const answer = { ...message, id: message.id ?? null };
      if (!batches.take(answer)) write(answer);
    },
    async close() {
      onClosed();
      transport.onclose?.();
    },
  };
  return transport;
}

interface ReaderOptions {
  readonly transport: ValueTransport;
  readonly batches: Batches;
  readonly modern: ModernLines;
  readonly legacy: LegacyLines;
}

/** Reads lines, and hands on each message to those who serve its revision. */
function createReader({ transport, batches, modern, legacy }: ReaderOptions) {
  const onMember = (value: unknown) => {
    const refusal = modern.refusalOfMember(value);
    if (refusal) return void transport.send(refusal);
    const cancelled = cancelledId(value);
    if (cancelled !== undefined) batches.forget(cancelled);
    legacy.take(value);
  };
  const reader = createLineReader({
    onMessage: (value) => {
      if (!modern.take(value)) onMember(value);
    },
    onMember,
    deal: batches.deal,
    refuse: (error) => void transport.send(error),
  });
  const lines = createLines(reader.read);
  return {
    readLast: () => reader.read(lines.rest()),
    read(chunk: string) {
      if (lines.add(chunk)) return;
      reader.refuseLine(lines.rest(), RPC.invalidRequest, 'A line may have 10 MiB; the server ends.');
      void transport.close();
    },
  };
}
