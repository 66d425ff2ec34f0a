/** Time as the watcher needs it. */
export interface Clock {
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

export interface WatcherOptions<Need, Snapshot> {
  /** Reads, in one go, what everyone present needs. */
  readonly source: (needs: readonly Need[], signal: AbortSignal) => Promise<Snapshot>;
  readonly clock: Clock;
  /** Between two polls, ms. */
  readonly interval: number;
}

/** One poll for everyone who subscribes or waits, and none while nobody does. */
export interface Watcher<Need, Snapshot> {
  /** Hears every poll that succeeds, until it leaves. */
  join(need: Need, listener: (snapshot: Snapshot) => void): () => void;
  /** Polls at once, shared by all who ask meanwhile. Rejects with the poll's error, or the signal's reason. */
  now(need: Need, signal: AbortSignal): Promise<Snapshot>;
}

/** Longest pause between two polls of a service that fails, ms. */
const LONGEST_PAUSE_MS = 300_000;

interface Member<Need, Snapshot> {
  readonly need: Need;
  readonly urgent: boolean;
  readonly tell: (snapshot: Snapshot) => void;
  readonly fail: (error: unknown) => void;
}

export function createWatcher<Need, Snapshot>(options: WatcherOptions<Need, Snapshot>): Watcher<Need, Snapshot> {
  const members = new Set<Member<Need, Snapshot>>();
  let waking = new AbortController();
  let polling: AbortController | undefined;
  let isUrgent = false;
  let running = false;

  const run = async () => {
    running = true;
    let failures = 0;
    while (members.size > 0) {
      waking = new AbortController();
      // Whoever asks in the same turn shares the poll.
      await undefined;
      isUrgent = [...members].some((member) => member.urgent);
      if (!isUrgent) await options.clock.sleep(pauseAfter(failures, options.interval), waking.signal);
      if (waking.signal.aborted) continue;
      polling = new AbortController();
      const succeeded = await poll(options, members, polling.signal);
      if (!polling.signal.aborted) failures = succeeded ? 0 : failures + 1;
    }
    running = false;
  };
  const enter = (member: Member<Need, Snapshot>) => {
    members.add(member);
    if (member.urgent) {
      waking.abort();
      // A poll for which nobody waits may stand behind everyone; whoever waits now should not.
      if (!isUrgent) polling?.abort();
    }
    if (!running) void run();
    return () => {
      members.delete(member);
      if (members.size > 0) return;
      waking.abort();
      polling?.abort();
    };
  };
  return {
    join: (need, listener) => enter({ need, urgent: false, tell: listener, fail: () => {} }),
    now: (need, signal) => once(enter, need, signal),
  };
}

/** Doubles the interval with each failure in a row. */
function pauseAfter(failures: number, interval: number): number {
  return Math.max(interval, Math.min(interval * 2 ** failures, LONGEST_PAUSE_MS));
}

/** Tells everyone who was there when the poll began and still is; @returns whether it succeeded. */
async function poll<Need, Snapshot>(
  { source }: WatcherOptions<Need, Snapshot>,
  members: ReadonlySet<Member<Need, Snapshot>>,
  signal: AbortSignal,
): Promise<boolean> {
  const present = [...members];
  const needs = present.map(({ need }) => need);
  try {
    const snapshot = await source(needs, signal);
    for (const member of present) if (members.has(member)) member.tell(snapshot);
    return true;
  } catch (error) {
    for (const member of present) if (members.has(member)) member.fail(error);
    return false;
  }
}

/** A member for one urgent poll. */
function once<Need, Snapshot>(
  enter: (member: Member<Need, Snapshot>) => () => void,
  need: Need,
  signal: AbortSignal,
): Promise<Snapshot> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const end = <T>(then: (value: T) => void) => {
      return (value: T) => {
        leave();
        signal.removeEventListener('abort', cancel);
        then(value);
      };
    };
    const fail = end(reject);
    const cancel = () => fail(signal.reason);
    const leave = enter({ need, urgent: true, tell: end(resolve), fail });
    signal.addEventListener('abort', cancel, { once: true });
  });
}
