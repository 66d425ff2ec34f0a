import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import type { Poll } from '../../tool/source.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { fromCursor, toCursor } from './cursor.ts';
import { toArrivedPage } from './delivery.ts';
import { type FeedPage, type FeedQuery, START } from './feed_page.ts';
import { type Position, positionAtStart, queryOf, take } from './position.ts';
import { type SEVERITY_ORDER, TriggerAlert } from './trigger_alert.ts';

/** Clients give up after 60 s, so a call must end before that, whatever the service does. */
const MAX_CALL_MS = 48_000;
const PROGRESS_INTERVAL_MS = 5_000;

export const Arrived = z.strictObject({
  alerts: z.array(TriggerAlert).meta({ description: 'Oldest first' }),
  cursor: z.string().meta({ description: 'For the next call' }),
  has_more: z.boolean().meta({ description: 'More are there now' }),
  left_out: z.string().optional().meta({ description: 'Of long lists, by alert' }),
});
type Arrived = z.output<typeof Arrived>;

export interface WaitRequest {
  readonly cursor?: string | undefined;
  readonly min_severity?: (typeof SEVERITY_ORDER)[number] | undefined;
  readonly limit: number;
  readonly wait_seconds: number;
}

/**
 * Returns as soon as there is a new alert, else an empty answer when the time is up or the server ends.
 * @param limit the longest that it may take, ms
 */
export async function waitForAlerts(
  api: ToolApi,
  input: WaitRequest,
  poll: Poll<FeedQuery, FeedPage>,
  limit = MAX_CALL_MS,
): Promise<Arrived> {
  const options = { limit: input.limit, minSeverity: input.min_severity };
  const timeUp = new AbortController();
  const end = () => timeUp.abort();
  const timer = setTimeout(end, limit);
  api.ending.addEventListener('abort', end);
  if (api.ending.aborted) end();
  const signal = AbortSignal.any([api.signal, timeUp.signal]);
  // A wall clock may jump.
  const until = performance.now() + input.wait_seconds * 1000;
  const answer = (alerts: TriggerAlert[], at: Position, has_more = false, page?: FeedPage): Arrived => {
    return { alerts, cursor: toCursor(at, api.origin), has_more, left_out: leftOutIn(alerts, page) };
  };
  let position = input.cursor === undefined ? undefined : readCursor(input.cursor, api.origin);
  // A new reader gets what comes from now on.
  const arrivals = createArrivedPages(poll.arrivals, position === undefined);
  try {
    position ??= await start(poll, signal);
    const arrived = arrivals.next();
    const found = arrived && take(position, arrived, options);
    if (found && found.alerts.length > 0) return answer(found.alerts, found.position, found.hasMore);
    let page = await poll.now(queryOf(position, options), signal);
    while (page !== undefined) {
      const taken = take(position, page, options);
      const moved: boolean = toCursor(taken.position, api.origin) !== toCursor(position, api.origin);
      position = taken.position;
      // Read again at once only if the last page moved the position; otherwise the same page would come back.
      const again = taken.hasMore && moved;
      if (taken.alerts.length > 0 || (!again && performance.now() >= until)) {
        return answer(taken.alerts, position, taken.hasMore, page);
      }
      const query = queryOf(position, options);
      page = again ? await poll.now(query, signal) : await nextPage(api, poll, arrivals, { query, until, signal });
    }
    return answer([], position);
  } catch (error) {
    if (api.signal.aborted) throw new Fault('cancelled', 'The wait was cancelled.');
    if (!timeUp.signal.aborted) throw error;
    // Nothing is lost: the next call continues from this position.
    if (position) return answer([], position);
    throw new Fault('timeout', 'The first look at the alerts took too long.');
  } finally {
    clearTimeout(timer);
    api.ending.removeEventListener('abort', end);
  }
}

function leftOutIn(alerts: readonly TriggerAlert[], page: FeedPage | undefined): string | undefined {
  return alerts.flatMap(({ ProviderAlertId }) => page?.leftOut?.get(ProviderAlertId) ?? []).join('; ') || undefined;
}

/** Reads through the poll, which stops reading when nobody waits any more. */
async function start(poll: Poll<FeedQuery, FeedPage>, signal: AbortSignal): Promise<Position> {
  const page = await poll.now(START, signal);
  if (page) return positionAtStart(page);
  throw new Fault('internal', 'The poll has no answer for a new reader.');
}

function readCursor(text: string, tenant: string): Position {
  const position = fromCursor(text, tenant);
  if (!('problem' in position)) return position;
  throw new Fault('invalid_input', `cursor: it ${position.problem}. Leave it out to start anew.`);
}

/** What has come without a read since the last look at it. */
interface ArrivedPages {
  next(): FeedPage | undefined;
  listen(listener: () => void): () => void;
}

function createArrivedPages({ after, listen }: Poll['arrivals'], fromNow: boolean): ArrivedPages {
  let seen = fromNow ? after(0).last : 0;
  return {
    listen,
    next() {
      const { items, last } = after(seen);
      seen = last;
      const alerts = items.flatMap((item) => TriggerAlert.safeParse(item).data ?? []);
      return alerts.length === 0 ? undefined : toArrivedPage(alerts, Date.now());
    },
  };
}

interface Waiting {
  readonly query: FeedQuery;
  readonly until: number;
  readonly signal: AbortSignal;
}

/** The next page of the shared poll, or what has come without it; undefined when the time is up. */
function nextPage(
  api: ToolApi,
  poll: Poll<FeedQuery, FeedPage>,
  arrivals: ArrivedPages,
  { query, until, signal }: Waiting,
): Promise<FeedPage | undefined> {
  const arrived = arrivals.next();
  if (arrived) return Promise.resolve(arrived);
  return new Promise((resolve, reject) => {
    const left = () => Math.max(0, until - performance.now());
    const report = () => api.progress(`No new alert yet; waiting ${Math.ceil(left() / 1000)} s more.`);
    const reporting = setInterval(report, PROGRESS_INTERVAL_MS);
    const timer = setTimeout(() => end(() => resolve(undefined)), left());
    const leave = poll.join(query, (page) => page && end(() => resolve(page)));
    const forget = arrivals.listen(() => {
      const page = arrivals.next();
      if (page) end(() => resolve(page));
    });
    const stop = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    function end(then: () => void) {
      clearInterval(reporting);
      clearTimeout(timer);
      leave();
      forget();
      signal.removeEventListener('abort', stop);
      then();
    }
  });
}
