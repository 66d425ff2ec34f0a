import type { Poll, Source } from '../tool/source.ts';

/** Time as a poll needs it. */
export interface Clock {
  /** Ends early, without an error, when the signal is aborted. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
}

/** One read of a source. */
export interface Look {
  readonly signal: AbortSignal;
  /** Nobody waits for this read, so it may queue behind every call. */
  readonly background: boolean;
}

export interface PollOptions<Query, Page> {
  readonly read: (queries: readonly Query[], look: Look) => ReturnType<Source<Query, Page>['read']>;
  readonly clock: Clock;
  /** Between two reads, ms. */
  readonly interval: number;
}

/** Longest pause between two reads of a service that fails, ms. */
const LONGEST_PAUSE_MS = 300_000;

interface Member<Query, Page> {
  readonly query: Query;
  /** Waits for this very read. */
  readonly urgent: boolean;
  readonly tell: (page: Page | undefined) => void;
  readonly fail: (error: unknown) => void;
}

/** One poll for everyone who subscribes or waits, and none while nobody does. */
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
      // Whoever asks in the same turn shares the read.
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
      // A background read may be queued behind every call; it is taken back, and made again at once.
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
  };
}

/** Doubles the interval with each failure in a row. */
function pauseAfter(failures: number, interval: number): number {
  return Math.max(interval, Math.min(interval * 2 ** failures, LONGEST_PAUSE_MS));
}

/** Tells everyone who was there when the read began and still is; @returns whether it succeeded. */
async function readOnce<Query, Page>(
  { read }: PollOptions<Query, Page>,
  members: ReadonlySet<Member<Query, Page>>,
  look: Look,
): Promise<boolean> {
  const present = [...members];
  const queries = present.map(({ query }) => query);
  try {
    const pages = await read(queries, look);
    for (const member of present) if (members.has(member)) member.tell(pages.get(member.query));
    return true;
  } catch (error) {
    for (const member of present) if (members.has(member)) member.fail(error);
    return false;
  }
}

/** A member for one urgent read. */
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
