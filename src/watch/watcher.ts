import { toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ServiceClient } from '../http/client.ts';
import type { Poll, Source } from '../tool/source.ts';
import { type Clock, createPoll, type ReadContext } from './poll.ts';
import type { PollShare } from './poll_share.ts';

export interface WatcherOptions {
  readonly client: Pick<ServiceClient, 'reader'>;
  readonly log: Log;
  /** Pause between two reads of a source, ms. */
  readonly interval: number;
  readonly clock: Clock;
  /** The poll of a source that other processes share. */
  readonly shareOf?: ((source: Source) => PollShare) | undefined;
}

/** Returns the poll of a source, the same one for each call. */
export type Watcher = (source: Source) => Poll;

export function createWatcher({ client, log, interval, clock, shareOf }: WatcherOptions): Watcher {
  const polls = new Map<Source, Poll>();
  return (source) => {
    const known = polls.get(source);
    if (known) return known;
    const read = (queries: readonly unknown[], context: ReadContext) =>
      logged(log, source.name, () => source.read(queries, client.reader({ ...context, progress: () => {} })));
    const poll = createPoll({ read, interval, clock, share: shareOf?.(source) });
    polls.set(source, poll);
    return poll;
  };
}

/** Logs a successful read at level debug, because there are many; a failed one as a warning. */
async function logged<T>(log: Log, source: string, read: () => Promise<T>): Promise<T> {
  const start = performance.now();
  const facts = (code: string) => ({ source, code, ms: Math.round(performance.now() - start) });
  try {
    const pages = await read();
    log.debug('poll', facts('ok'));
    return pages;
  } catch (error) {
    const fault = toFault(error);
    log.warn('poll', { ...facts(fault.code), ...(fault.code === 'internal' && { error: fault.cause ?? fault }) });
    throw fault;
  }
}
