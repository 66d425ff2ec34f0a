import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import type { Path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import type { Filters } from './filters.ts';
import { type ListPosition, START } from './list_cursor.ts';
import { createPlaces, type Place, upTo } from './list_place.ts';
import { shortList, wireBoolean, wireCount } from './wire.ts';

/** The most records that the service returns in one page (docs/defender-api.md 2.3). */
export const PAGE_SIZE = 100;
/** How many pages in a row may add nothing, because their records are repeated, unwanted or unreadable. */
const MAX_PAGES_WITHOUT_NEW = 2;
/** The same where the service cannot look for what is wanted, so that full pages are read and searched here. */
const MAX_PAGES_SEARCHED = 10;

/** A record of a list has an id that identifies it. */
interface Identified {
  readonly _id: string;
}

/** One parsed page of a list. */
export interface Page<T> {
  /** In the order of the reply; undefined for a record that could not be read. */
  readonly data: readonly ((T & Identified) | undefined)[];
  readonly hasNext: boolean | undefined;
  readonly total: number | undefined;
  readonly moreThanTotal: boolean | undefined;
}

/**
 * The schema for pages of one kind of record. It parses the records at once, so that the raw reply need not stay in
 * memory during the whole call. A page with more records than any is asked for is refused before one is parsed.
 * @param record schema of a record; a record that does not match counts as unreadable
 */
export function pagesOf<T>(record: z.ZodType<T & Identified>): z.ZodType<Page<T>> {
  return z.object({
    data: shortList(PAGE_SIZE).transform((raws) => raws.map((raw) => record.safeParse(raw).data)),
    hasNext: wireBoolean,
    total: wireCount,
    moreThanTotal: wireBoolean,
  });
}

export interface Listing<T> {
  readonly items: readonly T[];
  /** How many records match: our own count if all were read, else the service's; undefined if it gives none. */
  readonly total: number | undefined;
  /** More records than `total` match. */
  readonly totalIsFloor: boolean;
  readonly hasMore: boolean;
  /** Records that could not be read. */
  readonly unreadable: number;
  /** How many items earlier answers have returned. */
  readonly before: number;
  /** Where the list goes on after the first `count` items. */
  readonly positionAfter: (count: number) => ListPosition;
  /** The header `Date` of the first reply. */
  readonly date: string | undefined;
}

export interface Query<T> {
  readonly path: Path;
  readonly pages: z.ZodType<Page<T>>;
  readonly filters: Filters;
  /** The most items to return. */
  readonly limit: number;
  readonly wanted?: (record: T) => boolean;
  /** Records to request per page; by default as many as `limit` still needs, at most 100. */
  readonly pageSize?: number;
  /** By default `date`. */
  readonly sortField?: string;
  /** By default `desc`, newest first. */
  readonly order?: 'asc' | 'desc';
  readonly from?: ListPosition;
  /** The filters do not say what is wanted, so the whole list is searched for it. */
  readonly searchesAll?: boolean;
  /**
   * The time that the service sorts by and the filter `date` means, ms. With it, the next call goes on by time and not
   * by number, so that it reaches beyond the service's window of 5,000 records (docs/defender-api.md 3.3).
   */
  readonly timeOf?: ((record: T) => number | undefined) | undefined;
}

/** Reads pages until `limit` different records are found, the list ends, or too many pages add nothing. */
export async function readList<T>(api: ReadApi, query: Query<T>): Promise<Listing<T>> {
  const { path, limit, pages, from = START, searchesAll } = query;
  const { sortField = 'date', order = 'desc', pageSize = searchesAll ? PAGE_SIZE : undefined } = query;
  const sorting = { sortField, sortDirection: order };
  const filters = upTo(from.until, query.filters);
  const { found, take, read } = createReading(query);
  // The last page may bring more than is still missing, but none more than was asked for in all.
  const most = pageSize ?? Math.min(PAGE_SIZE, limit);
  const mostBarren = searchesAll ? MAX_PAGES_SEARCHED : MAX_PAGES_WITHOUT_NEW;
  let date: string | undefined;
  for (let skip = from.skip, pagesWithoutNew = 0; ; ) {
    const before = found.size;
    const size = pageSize ?? Math.min(PAGE_SIZE, limit - found.size);
    const reply = await api.read(path, pages, { filters, ...sorting, skip, limit: size }, (headers) => {
      date ??= headers.date;
    });
    const length = reply.data.length;
    if (length > most) throw tooMany(length, most);
    skip += length;
    take(reply.data);
    const more = reply.hasNext ?? length >= size;
    pagesWithoutNew = found.size > before ? 0 : pagesWithoutNew + 1;
    if (!more || length === 0 || found.size >= limit || pagesWithoutNew > mostBarren)
      return toListing([...found.values()], query, { ...read(), reply, more, date });
    api.progress(`Read ${found.size} of ${Math.min(limit, reply.total ?? limit)}.`);
  }
}

/** Takes the records of a list, page by page. */
function createReading<T>({ wanted = () => true, from = START, timeOf, searchesAll = false }: Query<T>) {
  const found = new Map<string, Found<T>>();
  const seen = new Set<string>();
  const placeAfter = createPlaces(from, timeOf);
  let place: Place = from;
  let unreadable = 0;
  let countsOthers = searchesAll;
  const take = (records: Page<T>['data']) => {
    for (const record of records) {
      // A page repeats records of the page before if new records arrived between the two reads. By number, they count.
      const isRepeated = record !== undefined && seen.has(record._id);
      if (isRepeated && timeOf) continue;
      place = placeAfter(record);
      if (!record) unreadable++;
      if (!record || isRepeated) continue;
      seen.add(record._id);
      if (wanted(record)) found.set(record._id, { record, place });
      else countsOthers = true;
    }
  };
  return { found, take, read: () => ({ place, unreadable, countsOthers }) };
}

interface Found<T> {
  readonly record: T;
  /** Right after the record. */
  readonly place: Place;
}

interface Read<T> {
  /** The last page. */
  readonly reply: Page<T>;
  readonly more: boolean;
  readonly unreadable: number;
  /** The service's count is known to be of more than what is wanted. */
  readonly countsOthers: boolean;
  /** After the last record that was read. */
  readonly place: Place;
  readonly date: string | undefined;
}

/** The service answers another question than was asked, so what else it says is not to be trusted either. */
function tooMany(length: number, asked: number): Fault {
  return new Fault('unreadable', `The service returned ${length} records where at most ${asked} were asked for.`);
}

function toListing<T>(
  found: readonly Found<T>[],
  { limit, from = START }: Query<T>,
  { reply, more, unreadable, countsOthers, place, date }: Read<T>,
): Listing<T> {
  const hasMore = more || found.length > limit;
  const before = from.delivered;
  const left = reply.total === undefined ? undefined : Math.max(reply.total, from.skip + found.length);
  // With an upper bound of time, the service counts from there on.
  const counted = left === undefined || from.until === undefined ? left : before - from.skip + left;
  const told = countsOthers ? undefined : counted;
  return {
    items: found.slice(0, limit).map(({ record }) => record),
    // If everything was read, our own count is more exact than the service's, which may be approximate.
    total: more ? told : before + found.length + unreadable,
    totalIsFloor: more && told !== undefined && reply.moreThanTotal === true,
    hasMore,
    unreadable,
    before,
    date,
    positionAfter: (count) => {
      const after = count >= found.length ? place : (found[count - 1]?.place ?? from);
      return { ...after, since: from.since, delivered: before + count };
    },
  };
}
