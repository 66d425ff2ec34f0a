import * as z from 'zod';

/** The largest `limit` of one call. */
export const MAX_LIMIT = 1000;

/** The output of a list tool: items, and counts that compare them with all matches. */
export function ListOutput<Shape extends z.ZodRawShape>(items: Shape) {
  return z.strictObject({
    ...items,
    returned: z.int().meta({ description: 'Records here' }),
    total: z.int().optional().meta({ description: 'That match' }),
    total_is_floor: z.boolean().optional().meta({ description: 'More than total' }),
    has_more: z.boolean().meta({ description: 'More' }),
    cursor: z.string().optional().meta({ description: 'For the next' }),
    unreadable: z.int().optional().meta({ description: 'Left out' }),
  });
}

/** A member of lists that may be empty because an id is wrong. */
export const Note = z.string().optional().meta({ description: 'What it does not show' });

/** Arguments that every list by time takes. */
export interface ListRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
}

export interface Counts {
  readonly returned: number;
  readonly total?: number | undefined;
  readonly total_is_floor?: boolean | undefined;
  readonly has_more: boolean;
  readonly cursor?: string | undefined;
  readonly unreadable?: number | undefined;
  readonly note?: string | undefined;
}

/** The first line of a list: how many of how many, and how to get more. @param what such as `alerts, newest first` */
export function countsText(what: string, counts: Counts): string {
  const { returned, total, total_is_floor, cursor, unreadable, note } = counts;
  const of = total === undefined ? 'an unknown number of' : `${total_is_floor ? 'more than ' : ''}${total}`;
  const more = cursor ? ` More: same call, cursor ${cursor}` : '';
  const left = unreadable ? ` ${unreadable} more could not be read.` : '';
  return `${returned} of ${of} ${what}.${left}${note ? ` ${note}` : ''}${more}`;
}
