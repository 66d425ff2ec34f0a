import type { Source } from '../tool/source.ts';

/** How the processes of a tenant share one poll: one of them reads for all. */
export interface PollShare<Query = unknown, Page = unknown> {
  /** Tells what this process waits for. */
  want(queries: readonly Query[]): void;
  /** This process may read now, also for `others`; or the ms after which to ask again. */
  turn(): Promise<Turn<Query>>;
  /** Hands what was read to the other processes. */
  tell(queries: readonly Query[], pages: ReadonlyMap<Query, Page>): void;
  /** Calls back with what another process has read: the answer to a query, or undefined if it was not asked. */
  onRead(listener: (answerTo: AnswerTo<Query, Page>) => void): void;
}

export type Turn<Query> = { readonly others: readonly Query[] } | { readonly wait: number };
export type AnswerTo<Query, Page> = (query: Query) => { readonly page: Page | undefined } | undefined;

/** A process that polls for itself alone. */
export function alone<Query, Page>(): PollShare<Query, Page> {
  return { want: () => {}, turn: async () => ({ others: [] }), tell: () => {}, onRead: () => {} };
}

/**
 * Passes over what is not in the form of the source: another version may have told it, or another program that can
 * reach what the processes share. @param origin of the tenant
 */
export function checked(share: PollShare, { shared }: Source, origin: string): PollShare {
  return {
    ...share,
    async turn() {
      const turn = await share.turn();
      return 'others' in turn ? { others: turn.others.filter((query) => shared?.isQuery(query)) } : turn;
    },
    onRead(listener) {
      share.onRead((answerTo) => {
        listener((query) => {
          const answer = answerTo(query);
          if (answer?.page === undefined) return answer;
          const page = shared?.toPage(answer.page, origin);
          return page === undefined ? undefined : { page };
        });
      });
    },
  };
}
