import * as z from 'zod';
import { mapInTurns } from '../../core/turns.ts';
import type { ReadApi } from '../../http/client.ts';
import type { Source } from '../../tool/source.ts';
import { PAGE_SIZE, readList } from '../shared/paged_list.ts';
import { isOpen, toAlert } from './alert.ts';
import { type AlertDetail, toAlertDetail } from './alert_detail.ts';
import { detailList, OPEN } from './alert_list.ts';

/** How many alerts the open list has to which a client can subscribe. */
export const OPEN_LIST_SIZE = 20;

/** The query for the open list; any other query is an alert id. */
export const OPEN_LIST = 'open';

/**
 * What subscribers watch, as JSON to compare: the open list, or an alert by its id. An alert that was read with the
 * open list needs no call of its own.
 */
export const watchedAlerts: Source<string, string> = {
  name: 'watched_alerts',
  async read(queries, api) {
    const ids = [...new Set(queries)].filter((query) => query !== OPEN_LIST);
    const open = queries.includes(OPEN_LIST)
      ? await readOpen(api, ids.length === 0 ? OPEN_LIST_SIZE : PAGE_SIZE)
      : undefined;
    const listed = open?.details.filter(({ id }) => ids.includes(id)) ?? [];
    const missing = ids.filter((id) => !listed.some((alert) => alert.id === id));
    const contents = new Map<string, string>();
    // An empty list is no answer, because it may come from a service that has failed to look.
    if (open && !open.isEmpty) contents.set(OPEN_LIST, open.content);
    for (const alert of [...listed, ...(await readById(api, missing))]) contents.set(alert.id, JSON.stringify(alert));
    return contents;
  },
  shared: { isQuery: isWatched, toPage: (value) => (isContent(value) ? value : undefined) },
  arrival: {
    concerns: (query, known = '', id) =>
      typeof id === 'string' && (query === id || (query === OPEN_LIST && !known.includes(id))),
    explain: (known, page, ids) => (known && page ? explainedBy(ids, toRows(known), toRows(page)) : undefined),
  },
};

function isWatched(value: unknown): boolean {
  return value === OPEN_LIST || (typeof value === 'string' && /^[\da-f]{24}$/.test(value));
}

function isContent(value: unknown): value is string {
  try {
    return typeof value === 'string' && z.looseObject({}).safeParse(JSON.parse(value)).success;
  } catch {
    return false;
  }
}

/** What the open list shows, as JSON by id. */
function toRows(content: string): ReadonlyMap<string, string> {
  const { alerts } = OpenContent.parse(JSON.parse(content));
  return new Map(alerts.map((alert) => [alert.id, JSON.stringify(alert)]));
}

const OpenContent = z.object({ alerts: z.array(z.looseObject({ id: z.string() })).default([]) });

/** The ids that are not there yet, if the rows have changed by others of them and by nothing else. */
function explainedBy(
  ids: readonly unknown[],
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly unknown[] | undefined {
  // A new alert pushes the oldest out of a full list.
  const isFull = after.size >= OPEN_LIST_SIZE;
  const isSame = [...before].every(([id, row]) => (after.has(id) ? after.get(id) === row : isFull));
  const fresh = [...after.keys()].filter((id) => !before.has(id));
  return isSame && fresh.every((id) => ids.includes(id))
    ? ids.filter((id) => !fresh.some((each) => each === id))
    : undefined;
}

interface OpenList {
  readonly isEmpty: boolean;
  readonly content: string;
  readonly details: readonly AlertDetail[];
}

async function readOpen(api: ReadApi, limit: number): Promise<OpenList> {
  const listing = await readList(api, { ...detailList, filters: OPEN, limit, wanted: (wire) => isOpen(wire) });
  const shown = listing.items.slice(0, OPEN_LIST_SIZE);
  const hasMore = listing.hasMore || listing.items.length > OPEN_LIST_SIZE;
  // Sorted by id: the service may return alerts of the same moment in any order, and a new order is no change.
  const alerts = await mapInTurns(shown, (wire) => toAlert(wire, api.origin));
  return {
    isEmpty: alerts.length === 0,
    content: JSON.stringify({
      alerts: alerts.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      total: listing.total,
      hasMore,
    }),
    details: await mapInTurns(listing.items, (wire) => toAlertDetail(wire, api.origin)),
  };
}

/** Reads alerts in full, 100 a call; unknown ids are left out. */
async function readById(api: ReadApi, ids: readonly string[]): Promise<AlertDetail[]> {
  const alerts: AlertDetail[] = [];
  for (let start = 0; start < ids.length; start += PAGE_SIZE) {
    const eq = ids.slice(start, start + PAGE_SIZE);
    const wanted = ({ _id }: { readonly _id: string }) => eq.includes(_id);
    const { items } = await readList(api, { ...detailList, filters: { id: { eq } }, limit: eq.length, wanted });
    alerts.push(...(await mapInTurns(items, (wire) => toAlertDetail(wire, api.origin))));
  }
  return alerts;
}
