import * as z from 'zod';
import { Fault } from '../errors.ts';
import { fromCursor, toCursor } from '../model/cursor.ts';
import type { FeedNeed, Visible } from '../model/feed.ts';
import { needOf, type Position, take } from '../model/position.ts';
import { ORDER, TriggerAlert } from '../model/trigger.ts';
import type { ToolApi } from '../tool.ts';
import { fromNowOn } from './feed.ts';

/** Clients give up at 60 s; whatever the service does, the answer comes before. */
const PATIENCE_MS = 48_000;
const TELL_MS = 5_000;

export const WaitInput = z.strictObject({
  cursor: z.string().max(100_000).optional().meta({ description: 'From the last answer; absent: from now on' }),
  min_severity: z.enum(ORDER).optional().meta({ description: 'Least severity' }),
  limit: z.int().min(1).max(100).default(20).meta({ description: 'Most alerts to return' }),
  wait_seconds: z.int().min(0).max(45).default(20).meta({ description: 'Longest wait when there is nothing new' }),
});

export const Arrived = z.strictObject({
  alerts: z.array(TriggerAlert).meta({ description: 'Oldest first' }),
  cursor: z.string().meta({ description: 'For the next call' }),
  has_more: z.boolean().meta({ description: 'More are there now' }),
});
type Arrived = z.output<typeof Arrived>;

/** Answers as soon as there is something new, else when the time is up. */
export async function waitForAlerts(api: ToolApi, input: z.output<typeof WaitInput>): Promise<Arrived> {
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
    let visible: Visible | undefined = await api.feed.now(needOf(position, wanted), signal);
    while (visible !== undefined) {
      const taken = take(position, visible, wanted, Date.now());
      const moved: boolean = toCursor(taken.position, api.origin) !== toCursor(position, api.origin);
      position = taken.position;
      // Looking again at once pays only where the last look has brought the reader on.
      const again = taken.hasMore && moved;
      if (taken.alerts.length > 0 || (!again && Date.now() >= until)) {
        return answer(taken.alerts, position, taken.hasMore);
      }
      const need = needOf(position, wanted);
      visible = again ? await api.feed.now(need, signal) : await nextLook(api, need, until, signal);
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

/** What the shared poll sees next, or undefined when the time is up. */
function nextLook(api: ToolApi, need: FeedNeed, until: number, signal: AbortSignal): Promise<Visible | undefined> {
  return new Promise((resolve, reject) => {
    const left = () => Math.max(0, until - Date.now());
    const tell = () => api.progress(`No new alert yet; waiting ${Math.ceil(left() / 1000)} s more.`);
    const telling = setInterval(tell, TELL_MS);
    const timer = setTimeout(() => end(() => resolve(undefined)), left());
    const leave = api.feed.join(need, (visible) => end(() => resolve(visible)));
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
