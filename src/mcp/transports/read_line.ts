import { awaitedId, type ErrorAnswer, errorAnswer, isId, RPC } from '../json_rpc.ts';
import type { Batches } from './batches.ts';
import { readBroken } from './read_broken.ts';

/** A longer batch is refused, because its answers, which can be much longer, are gathered before any is written. */
const MAX_BATCH = 1_000;

export interface LineReaderOptions {
  readonly onMessage: (value: unknown) => void;
  /** Takes each member of a batch. */
  readonly onMember: (value: unknown) => void;
  readonly deal: Batches['deal'];
  /** Sends the error that answers a line. */
  readonly refuse: (error: ErrorAnswer) => void;
}

export interface LineReader {
  read(line: string): void;
  /** Answers a line that is not JSON, or not all of it. */
  refuseLine(line: string, code: number, message: string): void;
}

/** Reads lines of JSON: each holds a message or a batch of them. */
export function createLineReader({ onMessage, onMember, deal, refuse }: LineReaderOptions): LineReader {
  const refuseBatch = (members: readonly unknown[]) => {
    const message = `A batch may have ${MAX_BATCH} messages.`;
    const ids = [...new Set(members.map(awaitedId))];
    deal(ids, (id) => refuse(errorAnswer(id, RPC.invalidRequest, message)));
  };
  const refuseLine: LineReader['refuseLine'] = (line, code, message) => {
    const members = readBroken(line);
    const id = members.get('id');
    const error = errorAnswer(isId(id) ? id : undefined, code, message);
    if (members.has('method')) refuse(error);
    // A broken answer to a question of ours fails the question. To answer it could end a request of the client's own.
    else if (members.has('result') || members.has('error')) onMessage(error);
    else refuse(errorAnswer(undefined, code, message));
  };
  return {
    refuseLine,
    read(line) {
      // This also takes away a byte order mark.
      const text = line.trim();
      if (text === '') return;
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        return refuseLine(text, RPC.parseError, 'This line is not JSON.');
      }
      if (!Array.isArray(value) || value.length === 0) onMessage(value);
      else if (value.length > MAX_BATCH) refuseBatch(value);
      else deal(value, onMember);
    },
  };
}
