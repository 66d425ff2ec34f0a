import type { HandlerCall } from '../handler.ts';
import { isRecord } from '../json.ts';
import { type Listing, list, select, wholeNumber } from '../query/list_reply.ts';
import type { Activity } from '../records.ts';
import { notFound, notValid, ok, type Reply } from '../reply.ts';
import { activityFields } from './activity_fields.ts';

/** The most that `skip` and `limit` may be together (docs/defender-api.md 3.2). */
const WINDOW = 5000;

/** Records per scan page; the minimum is the default (docs/defender-api.md 3.3). */
const SCAN = { min: 500, max: 5000 };

/** C1 of docs/defender-api.md 5.1. */
export function listActivities(call: HandlerCall): Reply {
  const listing = {
    fields: activityFields(call.state),
    sorts: { date: (it: Activity) => it.timestamp, created: (it: Activity) => it.created },
    window: WINDOW,
  };
  return call.input.isScan === true ? scan(call, listing) : list(call, call.state.activities, listing);
}

/** C2 of docs/defender-api.md 5.1. */
export function fetchActivity({ state, params }: HandlerCall): Reply {
  const activity = state.activities.find((it) => it._id === params.id);
  return activity ? ok(activity) : notFound();
}

/**
 * Scan mode (docs/defender-api.md 3.3). A page leaves out records with the time of the record that follows the page,
 * and `nextQueryFilters` continues at that time, so that no record is listed twice. Only where a whole page has one and
 * the same time, all records of that time are listed at once.
 */
function scan(call: HandlerCall, listing: Listing<Activity>): Reply {
  const limit = wholeNumber(call.input.limit, SCAN.min);
  if (limit === undefined) return notValid([String(call.input.limit)]);
  const selection = select(call, call.state.activities, listing);
  if ('invalid' in selection) return notValid(selection.invalid);
  const { found } = selection;
  const size = Math.max(SCAN.min, Math.min(limit, SCAN.max));
  const following = found[size];
  if (!following) return ok({ data: found, hasNext: false });
  const timeOf = ({ created, timestamp }: Activity) => (call.input.sortField === 'created' ? created : timestamp);
  const isOther = (it: Activity) => timeOf(it) !== timeOf(following);
  const fitting = found.slice(0, size).filter(isOther);
  const data = fitting.length > 0 ? fitting : found.filter((it) => !isOther(it));
  const next = found[data.length];
  if (!next) return ok({ data, hasNext: false });
  return ok({ data, hasNext: true, nextQueryFilters: continueAt(call, timeOf(next)) });
}

function continueAt({ input }: HandlerCall, time: number): Record<string, unknown> {
  const filters = isRecord(input.filters) ? input.filters : {};
  const name = input.sortField === 'created' ? 'created' : 'date';
  const conditions = isRecord(filters[name]) ? filters[name] : {};
  return { ...filters, [name]: { ...conditions, [input.sortDirection === 'asc' ? 'gte' : 'lte']: time } };
}
