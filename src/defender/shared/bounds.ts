import * as z from 'zod';

/** The most members of each list in a record; an event of a whole tenant names thousands. */
export const MOST_MEMBERS = 20;
/** The longest name or address in such a list, in characters. */
export const LONGEST_NAME = 120;

/** Stands beside a list that is cut, and says how many members are left out. */
export const More = z.int().optional().meta({ description: 'Left out' });

/** The value of `More`, absent if nothing is left out. */
export function moreThan(most: number, list: readonly unknown[]): number | undefined {
  return list.length > most ? list.length - most : undefined;
}
