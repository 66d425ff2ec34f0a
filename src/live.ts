import type { Call, Caller } from './call.ts';
import { openAlerts, readAlerts } from './defender/alerts.ts';
import { alertFeed } from './defender/feed.ts';
import { type Feed, type FeedNeed, Visible } from './model/feed.ts';
import { type Clock, createWatcher } from './watch.ts';

/** What somebody who is present needs of a poll. */
type Need = { readonly feed: FeedNeed; readonly waiting: boolean } | { readonly alert: string } | 'open';

interface Snapshot {
  /** By `since`. */
  readonly feeds: ReadonlyMap<number, Visible>;
  /** Contents by alert id, and of the open list under `open`. */
  readonly contents: ReadonlyMap<string, string>;
}

/** The trigger: what arrives by itself, to those who wait for it and those who subscribe. */
export interface Live {
  readonly feed: Feed;
  /**
   * Calls back whenever the content has changed, until the returned function is called; resolves when the present
   * content is known.
   * @param what an alert id, or `open`
   */
  subscribe(what: string, changed: () => void): Promise<() => void>;
}

export interface LiveOptions {
  readonly call: Call;
  /** Between two polls, ms. */
  readonly interval: number;
  readonly clock: Clock;
}

export function createLive({ call, interval, clock }: LiveOptions): Live {
  const source = (needs: readonly Need[], signal: AbortSignal) => readAll(call, needs, signal);
  const watcher = createWatcher<Need, Snapshot>({ source, interval, clock });
  const visibleTo = ({ since }: FeedNeed, { feeds }: Snapshot) => feeds.get(since) ?? { alerts: [], complete: true };
  return {
    feed: {
      now: async (feed, signal) => visibleTo(feed, await watcher.now({ feed, waiting: true }, signal)),
      join: (feed, listener) =>
        watcher.join({ feed, waiting: false }, (snapshot) => listener(visibleTo(feed, snapshot))),
    },
    async subscribe(what, changed) {
      const need: Need = what === 'open' ? 'open' : { alert: what };
      let known: string | undefined;
      let isKnown = false;
      const leave = watcher.join(need, ({ contents }) => {
        const content = contents.get(what);
        if (isKnown && content !== known) changed();
        known = content;
        isKnown = true;
      });
      // Where the first look fails the content counts as changed as soon as it can be read.
      await watcher.now(need, NEVER).catch(() => (isKnown = true));
      return leave;
    },
  };
}

const NEVER = new AbortController().signal;

/** One read for each kind of thing that anybody needs. */
async function readAll(call: Call, needs: readonly Need[], signal: AbortSignal): Promise<Snapshot> {
  const feeds = new Map<number, number>();
  const ids = new Set<string>();
  for (const need of needs) {
    if (need === 'open') continue;
    if ('alert' in need) ids.add(need.alert);
    else feeds.set(need.feed.since, Math.max(need.feed.least, feeds.get(need.feed.since) ?? 0));
  }
  // A poll stands behind everyone in the line, unless somebody waits for this one.
  const background = !needs.some((need) => typeof need === 'object' && 'waiting' in need && need.waiting);
  const caller = { signal, progress: () => {}, background };
  const open = needs.includes('open') ? [['open', await contentOf(call, caller)] as const] : [];
  return {
    feeds: new Map(await Promise.all([...feeds].map((feed) => readFeed(call, feed, caller)))),
    contents: new Map([...open, ...(await readContents(call, [...ids], caller))]),
  };
}

async function contentOf(call: Call, caller: Caller): Promise<string> {
  return JSON.stringify((await call(openAlerts, { limit: 20 }, caller)).value);
}

async function readFeed(call: Call, [since, least]: [number, number], caller: Caller): Promise<[number, Visible]> {
  return [since, Visible.parse((await call(alertFeed, { since, least }, caller)).value)];
}

async function readContents(call: Call, ids: readonly string[], caller: Caller): Promise<[string, string][]> {
  if (ids.length === 0) return [];
  const { value } = await call(readAlerts, { alert_ids: ids }, caller);
  const alerts = readAlerts.output.parse(value).alerts;
  return alerts.map((alert) => [alert.id, JSON.stringify(alert)]);
}
