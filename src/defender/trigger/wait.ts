import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import type { Poll } from '../../tool/source.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { fromNowOn } from './alert_feed.ts';
import { fromCursor, toCursor } from './cursor.ts';
import type { FeedPage, FeedQuery } from './feed_page.ts';
import { type Position, queryOf, take } from './position.ts';
import { type SEVERITY_ORDER, TriggerAlert } from './trigger_alert.ts';

/** Clients give up at 60 s; whatever the service does, the answer comes before. */
const PATIENCE_MS = 48_000;
const TELL_MS = 5_000;

export const Arrived = z.strictObject({
  alerts: z.array(TriggerAlert).meta({ description: 'Oldest first' }),
  cursor: z.string().meta({ description: 'For the next call' }),
  has_more: z.boolean().meta({ description: 'More are there now' }),
});
type Arrived = z.output<typeof Arrived>;

export interface WaitRequest {
  readonly cursor?: string | undefined;
  readonly min_severity?: (typeof SEVERITY_ORDER)[number] | undefined;
  readonly limit: number;
  readonly wait_seconds: number;
}

/** Answers as soon as there is something new, else when the time is up. */
export async function waitForAlerts(
  api: ToolApi,
  input: WaitRequest,
  poll: Poll<FeedQuery, FeedPage>,
): Promise<Arrived> {
  const wanted = { limit: input.limit, least: input.min_severity };
  const patience = AbortSignal.timeout(PATIENCE_MS);
  const signal = AbortSignal.any([api.signal, patience]);
  const until = Date.now() + input.wait_seconds * 1000;
  const answer = (alerts: TriggerAlert[], at: Position, has_more = false): Arrived => {
    return { alerts, cursor: toCursor(at, api.origin), has_more };
  };
  let position = input.cursor === undefined ? undefined : readCursor(input.cursor, api.origin);
  try {
    position ??= await Promise.race([fromNowOn(api, Date.now()), aborted(signal)]);
    let page = await poll.now(queryOf(position, wanted), signal);
    while (page !== undefined) {
      const taken = take(position, page, wanted, Date.now());
      const moved: boolean = toCursor(taken.position, api.origin) !== toCursor(position, api.origin);
      position = taken.position;
      // Reading again at once pays only where the last page has brought the reader on.
      const again = taken.hasMore && moved;
      if (taken.alerts.length > 0 || (!again && Date.now() >= until)) {
        return answer(taken.alerts, position, taken.hasMore);
      }
      const query = queryOf(position, wanted);
      page = again ? await poll.now(query, signal) : await nextPage(api, poll, query, until, signal);
    }
    return answer([], position);
  } catch (error) {
    if (api.signal.aborted) throw new Fault('cancelled', 'The wait was cancelled.');
    if (!patience.aborted) throw error;
    // Nothing is lost: the next call begins where this one did.
    if (position) return answer([], position);
    throw new Fault('timeout', 'The first look at the alerts took too long.');
  }
}

function readCursor(text: string, tenant: string): Position {
  const position = fromCursor(text, tenant);
  if (!('problem' in position)) return position;
  throw new Fault('invalid_input', `cursor: it ${position.problem}. Leave it out to start anew.`);
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** What the shared poll reads next, or undefined when the time is up. */
function nextPage(
  api: ToolApi,
  poll: Poll<FeedQuery, FeedPage>,
  query: FeedQuery,
  until: number,
  signal: AbortSignal,
): Promise<FeedPage | undefined> {
  return new Promise((resolve, reject) => {
    const left = () => Math.max(0, until - Date.now());
    const tell = () => api.progress(`No new alert yet; waiting ${Math.ceil(left() / 1000)} s more.`);
    const telling = setInterval(tell, TELL_MS);
    const timer = setTimeout(() => end(() => resolve(undefined)), left());
    const leave = poll.join(query, (page) => page && end(() => resolve(page)));
    const stop = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', stop, { once: true });
    function end(then: () => void) {
      clearInterval(telling);
      clearTimeout(timer);
      leave();
      signal.removeEventListener('abort', stop);
      then();
    }
  });
}
