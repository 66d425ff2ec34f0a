import * as z from 'zod';
import type { ReadApi } from '../http/api.ts';
import { wireBoolean, wireCount } from '../model/wire.ts';
import type { Path } from '../path.ts';

/** Most items the service gives at once (defender-api.md §1.4). */
export const PAGE = 100;
/** Pages in a row that may bring nothing new, because they repeat records or hold none that is wanted or readable. */
const BARREN_PAGES = 2;

const Envelope = z.object({
  data: z.array(z.unknown()),
  hasNext: wireBoolean,
  total: wireCount,
  moreThanTotal: wireBoolean,
});

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
  readonly filters: object;
  /** Most items wanted. */
  readonly limit: number;
  /** The record without which nothing can be said; what it refuses counts as unreadable. */
  readonly record: z.ZodType<T & { _id: string }>;
  readonly wanted?: (record: T) => boolean;
  /** Most records of a page; what `limit` leaves unless given. */
  readonly page?: number;
  /** By date; newest first unless told otherwise. */
  readonly order?: 'asc' | 'desc';
}

/** By date, page by page, until `limit` different records are there or the list ends. */
export async function list<T>(
  api: ReadApi,
  { path, filters, limit, record, wanted = () => true, order = 'desc', page }: Query<T>,
): Promise<Listing<T>> {
  const found = new Map<string, T>();
  const sorting = { sortField: 'date', sortDirection: order };
  let skip = 0;
  let unreadable = 0;
  for (let barren = 0; ; ) {
    const before = found.size;
    const size = page ?? Math.min(PAGE, limit - found.size);
    const reply = await api.read(path, Envelope, { filters, ...sorting, skip, limit: size });
    skip += reply.data.length;
    const records = reply.data.map((raw) => record.safeParse(raw));
    unreadable += records.filter(({ success }) => !success).length;
    // A page repeats records of the one before when new ones have come in between.
    for (const { data } of records) if (data && wanted(data)) found.set(data._id, data);
    const more = reply.hasNext ?? reply.data.length >= size;
    barren = found.size > before ? 0 : barren + 1;
    if (!more || reply.data.length === 0 || found.size >= limit || barren > BARREN_PAGES)
      return toListing([...found.values()], limit, reply, more, unreadable);
    api.progress(`Read ${found.size} of ${Math.min(limit, reply.total ?? limit)}.`);
  }
}

function toListing<T>(
  found: readonly T[],
  limit: number,
  reply: z.output<typeof Envelope>,
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
