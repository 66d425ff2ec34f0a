import type { Call } from './call.ts';
import type { Caller } from './caller.ts';
import { watchedAlerts } from './defender/alerts.ts';
import { alertFeed } from './defender/feed.ts';
import { type Feed, type FeedNeed, serves, Visible } from './model/feed.ts';
import { type Clock, createWatcher } from './watch.ts';

/** What somebody who is present needs of a poll. */
type Need = { readonly feed: FeedNeed; readonly waiting: boolean } | { readonly content: string };

/** What a poll brought to each; a part that failed fails nobody else. */
interface Snapshot {
  readonly feeds: Outcome<ReadonlyMap<FeedNeed, Visible>>;
  /** Contents by alert id, and of the open list under `open`. */
  readonly contents: Outcome<ReadonlyMap<string, string>>;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** The trigger: what arrives by itself, to those who wait for it and those who subscribe. */
export interface Live {
  readonly feed: Feed;
  /**
   * Calls back whenever the content has changed, until the returned function is called; resolves when the present
   * content is known, or after `patience` ms.
   * @param what an alert id, or `open`
   */
  subscribe(what: string, changed: () => void, patience?: number): Promise<() => void>;
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
  return {
    feed: {
      async now(feed, signal) {
        const { feeds } = await watcher.now({ feed, waiting: true }, signal);
        return settled(feeds).get(feed) ?? { alerts: [], complete: true };
      },
      join: (feed, listener) =>
        watcher.join({ feed, waiting: false }, ({ feeds }) => {
          const visible = 'value' in feeds ? feeds.value.get(feed) : undefined;
          if (visible) listener(visible);
        }),
    },
    async subscribe(what, changed, patience = 20_000) {
      const need = { content: what };
      let known: string | undefined;
      let isKnown = false;
      const leave = watcher.join(need, ({ contents }) => {
        if ('error' in contents) return;
        const content = contents.value.get(what);
        if (isKnown && content !== known) changed();
        known = content;
        isKnown = true;
      });
      // Where the first look fails or takes long, the content counts as changed as soon as it can be read.
      await watcher.now(need, AbortSignal.timeout(patience)).catch(() => {});
      isKnown = true;
      return leave;
    },
  };
}

function settled<T>(outcome: Outcome<T>): T {
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
}

async function readAll(call: Call, needs: readonly Need[], signal: AbortSignal): Promise<Snapshot> {
  const feedNeeds = needs.flatMap((need) => ('feed' in need ? [need.feed] : []));
  const watched = new Set(needs.flatMap((need) => ('content' in need ? [need.content] : [])));
  // A poll stands behind everyone in the line, unless somebody waits for this one.
  const background = !needs.some((need) => 'feed' in need && need.waiting);
  const caller = { signal, progress: () => {}, background };
  const [feeds, contents] = await Promise.all([
    outcomeOf(readFeeds(call, feedNeeds, caller)),
    outcomeOf(readContents(call, watched, caller)),
  ]);
  const failed = [feedNeeds.length > 0 && feeds, watched.size > 0 && contents].filter((part) => part !== false);
  // All that was asked for has failed: that is what makes the watcher back off.
  if (failed.every((part) => 'error' in part)) for (const part of failed) settled<unknown>(part);
  return { feeds, contents };
}

function outcomeOf<T>(reading: Promise<T>): Promise<Outcome<T>> {
  return reading.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
}

/** One read for as many readers as it can serve: as a rule all, else those who are furthest behind come first. */
async function readFeeds(call: Call, needs: readonly FeedNeed[], caller: Caller): Promise<Map<FeedNeed, Visible>> {
  const served = new Map<FeedNeed, Visible>();
  let left = needs.toSorted((a, b) => a.since - b.since);
  for (let [first] = left; first; [first] = left) {
    const least = left.reduce((sum, need) => sum + need.least, 0);
    const { value } = await call(alertFeed, { since: first.since, least }, caller);
    const visible = Visible.parse(value);
    for (const need of left) if (need === first || serves(visible, need)) served.set(need, visible);
    left = left.filter((need) => !served.has(need));
  }
  return served;
}

async function readContents(call: Call, watched: ReadonlySet<string>, caller: Caller): Promise<Map<string, string>> {
  const contents = new Map<string, string>();
  if (watched.size === 0) return contents;
  const alert_ids = [...watched].filter((what) => what !== 'open');
  const { value } = await call(watchedAlerts, { open: watched.has('open'), alert_ids }, caller);
  const { open, alerts } = watchedAlerts.output.parse(value);
  // Alerts of one moment may come in any order; that is no change.
  const sorted = open?.alerts.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  if (open) contents.set('open', JSON.stringify({ ...open, alerts: sorted }));
  for (const alert of alerts) contents.set(alert.id, JSON.stringify(alert));
  return contents;
}
