import * as z from 'zod';

/** The largest `limit` of one call. */
export const MAX_LIMIT = 1000;

/** The output of a list tool: items, and counts that compare them with all matches. */
export function ListOutput<Shape extends z.ZodRawShape>(items: Shape) {
  return z.strictObject({
    ...items,
    returned: z.int().meta({ description: 'Items here' }),
    total: z.int().optional().meta({ description: 'Items that match' }),
    total_is_floor: z.boolean().optional().meta({ description: 'More than total match' }),
    has_more: z.boolean().meta({ description: 'Raise limit for more' }),
    unreadable: z.int().optional().meta({ description: 'Records left out' }),
  });
}

interface Counted {
  readonly items: readonly unknown[];
  readonly total: number | undefined;
  readonly totalIsFloor: boolean;
  readonly hasMore: boolean;
  readonly unreadable: number;
}

interface Counts {
  readonly returned: number;
  readonly total?: number | undefined;
  readonly total_is_floor?: boolean | undefined;
  readonly has_more: boolean;
  readonly unreadable?: number | undefined;
}

export function toCounts({ items, total, totalIsFloor, hasMore, unreadable }: Counted): Counts {
  return {
    returned: items.length,
    total,
    total_is_floor: totalIsFloor || undefined,
    has_more: hasMore,
    unreadable: unreadable || undefined,
  };
}

/** The first line of a list: how many items of how many, and how to get more. */
export function countsText(what: string, counts: Counts): string {
  const total =
    counts.total === undefined ? 'an unknown number of' : `${counts.total_is_floor ? 'more than ' : ''}${counts.total}`;
  const advice =
    counts.returned < MAX_LIMIT
      ? ` Raise limit (at most ${MAX_LIMIT}) for more.`
      : ' One call returns no more than this.';
  const more = counts.has_more ? advice : '';
  const unreadable = counts.unreadable ? ` ${counts.unreadable} more could not be read.` : '';
  return `${counts.returned} of ${total} ${what}, newest first.${more}${unreadable}`;
}
