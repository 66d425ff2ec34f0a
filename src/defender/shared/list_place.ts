import type { Filters } from './filters.ts';
import type { ListPosition } from './list_cursor.ts';

/** A position without the count of items. */
export type Place = Pick<ListPosition, 'until' | 'skip'>;

/** Filters with an upper bound of the date, at most what they have already. @param until ms */
export function upTo(until: number | undefined, filters: Filters): Filters {
  if (until === undefined) return filters;
  const { lte } = filters.date ?? {};
  return { ...filters, date: { ...filters.date, lte: typeof lte === 'number' ? Math.min(lte, until) : until } };
}

/** Whether the filter and a cursor can say a time; records of another one are passed over by number. */
function canBeSaid(time: number | undefined): time is number {
  return time !== undefined && Number.isSafeInteger(time) && time >= 0;
}

/**
 * Takes the records of a list in their order, each once, and tells the place after each.
 * @param timeOf ms; undefined for a list that goes on by number alone
 */
export function createPlaces<T>(
  from: Place,
  timeOf: ((record: T) => number | undefined) | undefined,
): (record: T | undefined) => Place {
  let { until, skip } = from;
  return (record) => {
    const time = record && timeOf?.(record);
    // Of records of the same time, the next call passes over those that have been read.
    if (!canBeSaid(time) || time === until) skip++;
    else [until, skip] = [time, 1];
    return { until, skip };
  };
}
