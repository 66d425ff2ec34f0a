import { toFault } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ServiceClient } from '../http/client.ts';
import type { Poll, Source } from '../tool/source.ts';
import { type Clock, createPoll, type Look } from './poll.ts';

export interface WatcherOptions {
  readonly client: Pick<ServiceClient, 'reader'>;
  readonly log: Log;
  /** Between two reads of a source, ms. */
  readonly interval: number;
  readonly clock: Clock;
}

/** Gives each source its one poll. */
export type Watcher = (source: Source) => Poll;

export function createWatcher({ client, log, interval, clock }: WatcherOptions): Watcher {
  const polls = new Map<Source, Poll>();
  return (source) => {
    const known = polls.get(source);
    if (known) return known;
    const read = (queries: readonly unknown[], look: Look) =>
      logged(log, source.name, () => source.read(queries, client.reader({ ...look, progress: () => {} })));
    const poll = createPoll({ read, interval, clock });
    polls.set(source, poll);
    return poll;
  };
}

/** A poll that succeeds is logged for debugging only; one that fails is a warning. */
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
