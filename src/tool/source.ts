import type { ReadApi } from '../http/client.ts';

/** Something that is read again and again, at once for everybody who is interested in it. */
export interface Source<Query = unknown, Page = unknown> {
  /** For the log. */
  readonly name: string;
  // Methods, not properties: only so can sources with different queries stand in one list.
  /** Answers all queries in as few calls as can be; a query without an answer is left out. @throws Fault */
  read(queries: readonly Query[], api: ReadApi): Promise<ReadonlyMap<Query, Page>>;
}

/** The one poll of a source, shared by everybody who waits for it. */
export interface Poll<Query = unknown, Page = unknown> {
  /** Reads at once, together with all who ask meanwhile. Rejects with a Fault, or the signal's reason. */
  now(query: Query, signal: AbortSignal): Promise<Page | undefined>;
  /** Calls back after each later read, until the returned function is called. A read that fails is passed over. */
  join(query: Query, listener: (page: Page | undefined) => void): () => void;
}
