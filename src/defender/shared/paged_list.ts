import * as z from 'zod';
import { Fault } from '../../core/errors.ts';
import type { Path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import { shortList, wireBoolean, wireCount } from './wire.ts';

/** The most records that the service returns in one page (docs/defender-api.md 2.3). */
export const PAGE_SIZE = 100;
/** How many pages in a row may add nothing, because their records are repeated, unwanted or unreadable. */
const MAX_PAGES_WITHOUT_NEW = 2;

/** A record of a list has an id that identifies it. */
interface Identified {
  readonly _id: string;
}

/** One parsed page of a list. */
export interface Page<T> {
  readonly data: {
    readonly records: readonly (T & Identified)[];
    /** Records that could not be read. */
    readonly unreadable: number;
  };
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
  const read = (raws: readonly unknown[]): Page<T>['data'] => {
    const records: (T & Identified)[] = [];
    for (const raw of raws) {
      const { data } = record.safeParse(raw);
      if (data) records.push(data);
    }
    return { records, unreadable: raws.length - records.length };
  };
  return z.object({
    data: shortList(PAGE_SIZE).transform(read),
    hasNext: wireBoolean,
    total: wireCount,
    moreThanTotal: wireBoolean,
  });
}

export interface Listing<T> {
  readonly items: T[];
  /** How many records match: our own count if all were read, else the service's; undefined if it gives none. */
  readonly total: number | undefined;
  /** More records than `total` match. */
  readonly totalIsFloor: boolean;
  readonly hasMore: boolean;
  /** Records that could not be read. */
  readonly unreadable: number;
  /** The header `Date` of the first reply. */
  readonly date: string | undefined;
}

export interface Query<T> {
  readonly path: Path;
  readonly pages: z.ZodType<Page<T>>;
  readonly filters: object;
  /** The most items to return. */
  readonly limit: number;
  readonly wanted?: (record: T) => boolean;
  /** Records to request per page; by default as many as `limit` still needs, at most 100. */
  readonly pageSize?: number;
  /** Order by date; by default `desc`, newest first. */
  readonly order?: 'asc' | 'desc';
}

/** Reads pages by date until `limit` different records are found, the list ends, or too many pages add nothing. */
export async function readList<T>(
  api: ReadApi,
  { path, filters, limit, pages, wanted = () => true, order = 'desc', pageSize }: Query<T>,
): Promise<Listing<T>> {
  const found = new Map<string, T>();
  const sorting = { sortField: 'date', sortDirection: order };
  // The last page may bring more than is still missing, but none more than was asked for in all.
  const most = pageSize ?? Math.min(PAGE_SIZE, limit);
  let skip = 0;
  let unreadable = 0;
  let date: string | undefined;
  for (let pagesWithoutNew = 0; ; ) {
    const before = found.size;
    const size = pageSize ?? Math.min(PAGE_SIZE, limit - found.size);
    const reply = await api.read(path, pages, { filters, ...sorting, skip, limit: size }, (headers) => {
      date ??= headers.date;
    });
    const { records } = reply.data;
    const length = records.length + reply.data.unreadable;
    if (length > most) throw tooMany(length, most);
    skip += length;
    unreadable += reply.data.unreadable;
    // A page repeats records of the page before if new records arrived between the two reads.
    for (const record of records) if (wanted(record)) found.set(record._id, record);
    const more = reply.hasNext ?? length >= size;
    pagesWithoutNew = found.size > before ? 0 : pagesWithoutNew + 1;
    if (!more || length === 0 || found.size >= limit || pagesWithoutNew > MAX_PAGES_WITHOUT_NEW)
      return { ...toListing([...found.values()], limit, reply, more, unreadable), date };
    api.progress(`Read ${found.size} of ${Math.min(limit, reply.total ?? limit)}.`);
  }
}

/** The service answers another question than was asked, so what else it says is not to be trusted either. */
function tooMany(length: number, asked: number): Fault {
  return new Fault('unreadable', `The service returned ${length} records where at most ${asked} were asked for.`);
}

function toListing<T>(
  found: readonly T[],
  limit: number,
  reply: Page<T>,
  more: boolean,
  unreadable: number,
): Omit<Listing<T>, 'date'> {
  const hasMore = more || found.length > limit;
  const counted = reply.total === undefined ? undefined : Math.max(reply.total, found.length);
  return {
    items: found.slice(0, limit),
    // If everything was read, our own count is more exact than the service's, which may be approximate.
    total: hasMore ? counted : found.length + unreadable,
    totalIsFloor: hasMore && reply.moreThanTotal === true,
    hasMore,
    unreadable,
  };
}
