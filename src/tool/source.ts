import type { ReadApi } from '../http/client.ts';

/** Something that is polled. One read serves everybody who waits for it or subscribes to it. */
export interface Source<Query = unknown, Page = unknown> {
  /** For the log. */
  readonly name: string;
  // Methods, not properties, so that one list can hold sources with different queries.
  /** Answers all queries in as few calls as possible; the result lacks a query without an answer. @throws Fault */
  read(queries: readonly Query[], api: ReadApi): Promise<ReadonlyMap<Query, Page>>;
  /** Reads what another process asks and tells, which may be of another version; absent where nothing is shared. */
  readonly shared?: SharedForms<Page>;
  /** How subscribers are told of what comes without a read; absent where nothing does. */
  readonly arrival?: ArrivalRules<Query, Page>;
}

/** Forms of what goes from one process to another. */
interface SharedForms<Page> {
  isQuery(value: unknown): boolean;
  /** Makes texts plain again. @param origin of the tenant. @returns undefined for what is no page */
  toPage(value: unknown, origin: string): Page | undefined;
}

/** Tells what an item that came without a read means for a subscriber. */
export interface ArrivalRules<Query, Page> {
  /** Whether the item changes what the subscriber knows. */
  concerns(query: Query, known: Page | undefined, item: unknown): boolean;
  /** The items that a change of the page is not about; undefined if it is about more than the items. */
  explain(known: Page | undefined, page: Page | undefined, items: readonly unknown[]): readonly unknown[] | undefined;
}

/** Items that come without a read, such as alerts that a flow delivers, with the number of each. */
export interface Arrivals<Item = unknown> {
  push(item: Item): void;
  /** The items that are kept after the one with this number, and the number of the last. */
  after(number: number): { readonly items: readonly Item[]; readonly last: number };
  /** Calls back on each that comes, until the returned function is called. */
  listen(listener: () => void): () => void;
}

/** The poll of a source, shared by everybody who waits for it or subscribes to it. */
export interface Poll<Query = unknown, Page = unknown> {
  /** Reads without delay; calls before the read begins share it. Rejects with a Fault or the signal's reason. */
  now(query: Query, signal: AbortSignal): Promise<Page | undefined>;
  /** Calls back after each later read, until the returned function is called. A failed read is skipped. */
  join(query: Query, listener: (page: Page | undefined) => void): () => void;
  readonly arrivals: Arrivals;
}
