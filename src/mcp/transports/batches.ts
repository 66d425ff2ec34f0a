import { awaitedId, type Id } from '../json_rpc.ts';

/** An answer as it is written: its id is null where it answers what has none that could be read. */
export interface WrittenAnswer {
  readonly id?: Id | null | undefined;
}

/** Gathers the answers to the members of a batch, which are written as one list (JSON-RPC 2.0, section 6). */
export interface Batches {
  /** Hands on each member of a batch. */
  deal<Member>(members: readonly Member[], handOn: (member: Member) => void): void;
  /** Keeps an answer that a batch waits for; false if none does. */
  take(answer: WrittenAnswer): boolean;
  /** A cancelled request gets no answer. */
  forget(id: unknown): void;
}

interface Batch {
  missing: number;
  readonly answers: WrittenAnswer[];
}

export function createBatches(write: (answers: readonly WrittenAnswer[]) => void): Batches {
  /** An id may be used twice. */
  const waiting = new Map<unknown, Batch[]>();
  let dealt: Batch | undefined;
  const next = (id: unknown) => {
    const batch = waiting.get(id)?.shift();
    if (batch) batch.missing--;
    if (waiting.get(id)?.length === 0) waiting.delete(id);
    return batch;
  };
  const writeIfComplete = (batch: Batch) => {
    if (batch !== dealt && batch.missing === 0 && batch.answers.length > 0) write(batch.answers);
  };
  return {
    deal(members, handOn) {
      const batch: Batch = { missing: 0, answers: [] };
      dealt = batch;
      for (const member of members) {
        const id = awaitedId(member);
        if (id !== undefined) {
          batch.missing++;
          waiting.set(id, [...(waiting.get(id) ?? []), batch]);
        }
        handOn(member);
      }
      dealt = undefined;
      writeIfComplete(batch);
    },
    take(answer) {
      // What is refused is answered while the batch is dealt, and may have no id.
      const batch = next(answer.id) ?? dealt;
      batch?.answers.push(answer);
      if (batch) writeIfComplete(batch);
      return batch !== undefined;
    },
    forget(id) {
      const batch = next(id);
      if (batch) writeIfComplete(batch);
    },
  };
}
