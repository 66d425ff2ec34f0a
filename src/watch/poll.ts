import type { Poll, Source } from '../tool/source.ts';
import { createArrivals } from './arrivals.ts';
import { type AnswerTo, alone, type PollShare } from './poll_share.ts';

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
  /** Where other processes poll the same. */
  readonly share?: PollShare<Query, Page> | undefined;
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
  const { share = alone(), clock, interval } = options;
  const members = new Set<Member<Query, Page>>();
  let waking = new AbortController();
  let reading: AbortController | undefined;
  let isUrgent = false;
  let running = false;

  const tellWanted = () => share.want(queriesOf([...members].filter(({ urgent }) => !urgent)));
  const run = async () => {
    running = true;
    let failures = 0;
    while (members.size > 0) {
      waking = new AbortController();
      // Members that enter in the same turn of the event loop share the read.
      await undefined;
      isUrgent = [...members].some((member) => member.urgent);
      const others = isUrgent ? [] : await untilTurn({ share, clock }, pauseAfter(failures, interval), waking.signal);
      if (waking.signal.aborted) continue;
      reading = new AbortController();
      const by = { signal: reading.signal, background: !isUrgent };
      const succeeded = await readOnce({ ...options, share }, members, others, by);
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
    } else tellWanted();
    if (!running) void run();
    return () => {
      members.delete(member);
      if (!member.urgent) tellWanted();
      if (members.size === 0) for (const each of [waking, reading]) each?.abort();
    };
  };
  share.onRead((answerTo) => tellAll(members, answerTo));
  return {
    join: (query, listener) => enter({ query, urgent: false, tell: listener, fail: () => {} }),
    now: (query, signal) => once(enter, query, signal),
    arrivals: createArrivals(),
  };
}

/** Sleeps until this process may read. @returns what others want to be read, too */
async function untilTurn<Query, Page>(
  { share, clock }: { readonly share: PollShare<Query, Page>; readonly clock: Clock },
  pause: number,
  signal: AbortSignal,
): Promise<readonly Query[]> {
  for (let wait = pause; ; ) {
    await clock.sleep(wait, signal);
    const turn = signal.aborted ? { others: [] } : await share.turn();
    if ('others' in turn) return turn.others;
    wait = turn.wait;
  }
}

function queriesOf<Query>(members: Iterable<{ readonly query: Query }>): Query[] {
  return [...members].map(({ query }) => query);
}

/** Tells members what another process has read; those that want a read without delay wait for their own. */
function tellAll<Query, Page>(members: ReadonlySet<Member<Query, Page>>, answerTo: AnswerTo<Query, Page>): void {
  for (const { query, urgent, tell } of [...members]) {
    const answer = urgent ? undefined : answerTo(query);
    if (answer) tell(answer.page);
  }
}

/** Doubles the interval with each consecutive failure, up to 5 minutes; never below the interval. */
function pauseAfter(failures: number, interval: number): number {
  return Math.max(interval, Math.min(interval * 2 ** failures, MAX_BACKOFF_MS));
}

/** Reads for the members present at its begin, and tells those who are still there. @returns whether it succeeded */
async function readOnce<Query, Page>(
  { read, share }: Pick<PollOptions<Query, Page>, 'read'> & { readonly share: PollShare<Query, Page> },
  members: ReadonlySet<Member<Query, Page>>,
  others: readonly Query[],
  context: ReadContext,
): Promise<boolean> {
  const present = [...members];
  const queries = [...queriesOf(present), ...others];
  try {
    const pages = await read(queries, context);
    if (context.background) share.tell(queries, pages);
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
