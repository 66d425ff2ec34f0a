import type { Poll, Source } from '../tool/source.ts';
import { createArrivals } from './arrivals.ts';

/** The clock of a poll; tests pass their own. */
export interface Clock {
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** What one read of a source is bound to. */
export interface ReadContext {
  readonly signal: AbortSignal;
  /** No caller waits for the read, so it may come last in the queue for the call budget. */
  readonly background: boolean;
}

export interface PollOptions<Query, Page> {
  readonly read: (queries: readonly Query[], context: ReadContext) => ReturnType<Source<Query, Page>['read']>;
  readonly clock: Clock;
  /** Pause between two reads, ms. */
  readonly interval: number;
}

/** Longest pause between two reads after failures, ms. */
const MAX_BACKOFF_MS = 300_000;

interface Member<Query, Page> {
  readonly query: Query;
  /** Wants a read without delay. */
  readonly urgent: boolean;
  readonly tell: (page: Page | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** Polls for all subscribers and waiting callers together; does not poll while there are none. */
export function createPoll<Query, Page>(options: PollOptions<Query, Page>): Poll<Query, Page> {
  const members = new Set<Member<Query, Page>>();
  let waking = new AbortController();
  let reading: AbortController | undefined;
  let isUrgent = false;
  let running = false;

  const run = async () => {
    running = true;
    let failures = 0;
    while (members.size > 0) {
      waking = new AbortController();
      // Members that enter in the same turn of the event loop share the read.
      await undefined;
      isUrgent = [...members].some((member) => member.urgent);
      if (!isUrgent) await options.clock.sleep(pauseAfter(failures, options.interval), waking.signal);
      if (waking.signal.aborted) continue;
      reading = new AbortController();
      const succeeded = await readOnce(options, members, { signal: reading.signal, background: !isUrgent });
      if (!reading.signal.aborted) failures = succeeded ? 0 : failures + 1;
    }
    running = false;
  };
  const enter = (member: Member<Query, Page>) => {
    members.add(member);
    if (member.urgent) {
      waking.abort();
      // A background read may wait behind all other calls, so it is aborted and repeated for the caller that waits.
      if (!isUrgent) reading?.abort();
    }
    if (!running) void run();
    return () => {
      members.delete(member);
      if (members.size > 0) return;
      waking.abort();
      reading?.abort();
    };
  };
  return {
    join: (query, listener) => enter({ query, urgent: false, tell: listener, fail: () => {} }),
    now: (query, signal) => once(enter, query, signal),
    arrivals: createArrivals(),
  };
}

/** Doubles the interval with each consecutive failure, up to 5 minutes; never below the interval. */
function pauseAfter(failures: number, interval: number): number {
  return Math.max(interval, Math.min(interval * 2 ** failures, MAX_BACKOFF_MS));
}

/** Reads for the members present at its begin, and tells those who are still there. @returns whether it succeeded */
async function readOnce<Query, Page>(
  { read }: PollOptions<Query, Page>,
  members: ReadonlySet<Member<Query, Page>>,
  context: ReadContext,
): Promise<boolean> {
  const present = [...members];
  const queries = present.map(({ query }) => query);
  try {
    const pages = await read(queries, context);
    for (const member of present) if (members.has(member)) member.tell(pages.get(member.query));
    return true;
  } catch (error) {
    for (const member of present) if (members.has(member)) member.fail(error);
    return false;
  }
}

/** Adds a member for one urgent read and removes it afterwards. */
function once<Query, Page>(
  enter: (member: Member<Query, Page>) => () => void,
  query: Query,
  signal: AbortSignal,
): Promise<Page | undefined> {
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
    const leave = enter({ query, urgent: true, tell: end(resolve), fail });
    signal.addEventListener('abort', cancel, { once: true });
  });
}
