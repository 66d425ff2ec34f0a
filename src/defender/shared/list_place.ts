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

/**
 * Takes the records of a list in their order, and tells the place after each.
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
    if (time === undefined || time === until) skip++;
    else [until, skip] = [time, 1];
    return { until, skip };
  };
}
