import * as z from 'zod';
import type { Path } from '../../core/path.ts';
import type { ReadApi } from '../../http/client.ts';
import { wireBoolean, wireCount } from './wire.ts';

/** Most items the service gives at once (docs/defender-api.md 2.3). */
export const PAGE = 100;
/** Pages in a row that may bring nothing new, because they repeat records or hold none that is wanted or readable. */
const BARREN_PAGES = 2;

/** A record of a list; what tells it from the others. */
interface Identified {
  readonly _id: string;
}

/** A page of a list as it was read. */
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
 * How the pages of one kind of record are read: at once, so that nothing holds the whole reply for as long as its call.
 * @param record without what it asks for nothing can be said
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
    data: z.array(z.unknown()).transform(read),
    hasNext: wireBoolean,
    total: wireCount,
    moreThanTotal: wireBoolean,
  });
}

export interface Listing<T> {
  readonly items: T[];
  /** Matches that the service counts, undefined where it does not say. */
  readonly total: number | undefined;
  /** `total` is only a floor. */
  readonly totalIsFloor: boolean;
  readonly hasMore: boolean;
  /** Records that could not be read. */
  readonly unreadable: number;
}

export interface Query<T> {
  readonly path: Path;
  readonly pages: z.ZodType<Page<T>>;
  readonly filters: object;
  /** Most items wanted. */
  readonly limit: number;
  readonly wanted?: (record: T) => boolean;
  /** Most records of a page; what `limit` leaves unless given. */
  readonly page?: number;
  /** By date; newest first unless told otherwise. */
  readonly order?: 'asc' | 'desc';
}

/** By date, page by page, until `limit` different records are there or the list ends. */
export async function readList<T>(
  api: ReadApi,
  { path, filters, limit, pages, wanted = () => true, order = 'desc', page }: Query<T>,
): Promise<Listing<T>> {
  const found = new Map<string, T>();
  const sorting = { sortField: 'date', sortDirection: order };
  let skip = 0;
  let unreadable = 0;
  for (let barren = 0; ; ) {
    const before = found.size;
    const size = page ?? Math.min(PAGE, limit - found.size);
    const reply = await api.read(path, pages, { filters, ...sorting, skip, limit: size });
    const { records } = reply.data;
    const length = records.length + reply.data.unreadable;
    skip += length;
    unreadable += reply.data.unreadable;
    // A page repeats records of the one before when new ones have come in between.
    for (const record of records) if (wanted(record)) found.set(record._id, record);
    const more = reply.hasNext ?? length >= size;
    barren = found.size > before ? 0 : barren + 1;
    if (!more || length === 0 || found.size >= limit || barren > BARREN_PAGES)
      return toListing([...found.values()], limit, reply, more, unreadable);
    api.progress(`Read ${found.size} of ${Math.min(limit, reply.total ?? limit)}.`);
  }
}

function toListing<T>(
  found: readonly T[],
  limit: number,
  reply: Page<T>,
  more: boolean,
  unreadable: number,
): Listing<T> {
  const hasMore = more || found.length > limit;
  const counted = reply.total === undefined ? undefined : Math.max(reply.total, found.length);
  return {
    items: found.slice(0, limit),
    // When all has been read, what was read is truer than the service's count, which may be approximate.
    total: hasMore ? counted : found.length + unreadable,
    totalIsFloor: hasMore && reply.moreThanTotal === true,
    hasMore,
    unreadable,
  };
}
