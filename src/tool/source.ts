import type { ReadApi } from '../http/client.ts';

/** Something that is polled. One read serves everybody who waits for it or subscribes to it. */
export interface Source<Query = unknown, Page = unknown> {
  /** For the log. */
  readonly name: string;
  // Methods, not properties, so that one list can hold sources with different queries.
  /** Answers all queries in as few calls as possible; the result lacks a query without an answer. @throws Fault */
  read(queries: readonly Query[], api: ReadApi): Promise<ReadonlyMap<Query, Page>>;
}

/** The poll of a source, shared by everybody who waits for it or subscribes to it. */
export interface Poll<Query = unknown, Page = unknown> {
  /** Reads without delay; calls before the read begins share it. Rejects with a Fault or the signal's reason. */
  now(query: Query, signal: AbortSignal): Promise<Page | undefined>;
  /** Calls back after each later read, until the returned function is called. A failed read is skipped. */
  join(query: Query, listener: (page: Page | undefined) => void): () => void;
}
