import { isList, type Queue, toQueue, withNews, withPage } from './alerts.ts';
import type { Host } from './host.ts';
import { messageOf, readValue } from './server.ts';
import type { Store } from './state.ts';

/** What a person can do with the queue. */
export interface QueueActions {
  loadMore(): Promise<void>;
  /** Reads the list anew from its beginning. */
  reload(): Promise<void>;
  /** Reads the first page again, and says what is new. */
  addNews(): Promise<void>;
}

export function createQueueActions(host: Host, store: Store): QueueActions {
  const read = async (cursor?: string): Promise<Queue> => {
    const { list } = store.get();
    const { cursor: _first, ...args } = list.args;
    const value = await readValue(host, list.tool, { ...args, ...(cursor !== undefined && { cursor }) });
    if (!isList(value)) throw new Error('The server did not answer with a list.');
    return toQueue(value);
  };
  const whileLoading = async (work: () => Promise<void>) => {
    if (store.get().isLoading) return;
    store.set({ isLoading: true, problem: '' });
    try {
      await work();
    } catch (error) {
      store.set({ problem: messageOf(error) });
    } finally {
      store.set({ isLoading: false });
    }
  };
  return {
    loadMore: () =>
      whileLoading(async () => {
        const { cursor } = store.get().queue ?? {};
        const page = await read(cursor);
        const { queue } = store.get();
        const more = queue ? withPage(queue, page) : page;
        store.set({ queue: more, notice: `${more.items.length} alerts loaded.` });
      }),
    reload: () =>
      whileLoading(async () => {
        const queue = await read();
        store.set({ queue, fresh: new Set(), notice: `${queue.items.length} alerts loaded.` });
      }),
    addNews: async () => showNews(store, await read()),
  };
}

/** Merges a list that was read later, and marks what was not there before. */
export function showNews(store: Store, page: Queue): void {
  const { queue, fresh, list } = store.get();
  const known = new Set(queue?.items.map(({ id }) => id));
  const news = queue ? page.items.filter(({ id }) => !known.has(id)) : [];
  store.set({
    queue: queue ? withNews(queue, page, list.args.sort !== 'severity') : page,
    fresh: new Set([...fresh, ...news.map(({ id }) => id)]),
    ...(news.length > 0 && { notice: newsText(news.map(({ title }) => title)) }),
  });
}

function newsText([first = '', ...more]: readonly string[]): string {
  return more.length === 0 ? `New alert: ${first}` : `${more.length + 1} new alerts, the latest: ${first}`;
}
