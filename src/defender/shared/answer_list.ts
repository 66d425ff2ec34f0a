import { mapInTurns } from '../../core/turns.ts';
import { estimateTokens } from '../../text/tokens.ts';
import type { ToolApi } from '../../tool/tool.ts';
import { fromListCursor, toListCursor } from './list_cursor.ts';
import type { Counts, ListRequest } from './list_output.ts';
import { type Listing, type Query, readList } from './paged_list.ts';
import { FEWER_ITEMS, withRemedies } from './remedies.ts';
import { type TimeRange, toTimeRange } from './time_argument.ts';

/** A list of a tool. */
export interface AnsweredList<T, Item, Answer extends object> {
  /** The arguments that say what is listed; a cursor is bound to them. */
  readonly query: object;
  /** Where the records are read. @param range from the arguments `since` and `until` */
  readonly source: (range: TimeRange) => Omit<Query<T>, 'limit' | 'from'>;
  /** Maps a record. */
  readonly map: (record: T) => Item;
  /** The answer of a part of the list from its start. */
  readonly toAnswer: (items: readonly Item[], counts: Counts) => Answer;
  readonly toText: (answer: Answer) => string;
}

/**
 * Reads a list from where the cursor says, and answers as many items as fit.
 * @throws Fault `invalid_input` for a cursor of another list, or a `since` later than `until`
 */
export async function answerList<T, Item, Answer extends object>(
  api: ToolApi,
  { limit, cursor, since, until }: ListRequest,
  { query, source, map, toAnswer, toText }: AnsweredList<T, Item, Answer>,
): Promise<Answer> {
  // A cursor with other bounds of time would go on with the first ones, or pass over records.
  const asked = { ...query, since, until };
  const position = fromListCursor(cursor, asked);
  const range = toTimeRange({ since, until }, position.since);
  const from = { ...position, since: range.gte };
  const listing = await withRemedies(FEWER_ITEMS, () => readList(api, { ...source(range), limit, from }));
  const items = await mapInTurns(listing.items, map);
  const answerOf = (count: number) => toAnswer(items.slice(0, count), countsOf(listing, count, asked));
  return fitted(items.length, api.answerTokens, answerOf, toText);
}

/**
 * The answer of as many items as fit, but of one at least.
 * @param all how many items there are
 * @param most tokens of the answer, as text and as value; 0 for no bound
 */
export function fitted<Answer extends object>(
  all: number,
  most: number,
  answerOf: (count: number) => Answer,
  toText: (answer: Answer) => string,
): Answer {
  const fits = (answer: Answer) =>
    most === 0 || Math.max(estimateTokens(JSON.stringify(answer)), estimateTokens(toText(answer))) <= most;
  const whole = answerOf(all);
  if (all < 2 || fits(whole)) return whole;
  // Looks for the largest part that fits, between one that is shown in any case and one that is too long.
  let best = answerOf(1);
  for (let low = 1, high = all; high - low > 1; ) {
    const middle = Math.floor((low + high) / 2);
    const answer = answerOf(middle);
    if (fits(answer)) [low, best] = [middle, answer];
    else high = middle;
  }
  return best;
}

/** The counts of an answer that shows the first items. */
function countsOf<T>(listing: Listing<T>, count: number, query: object): Counts {
  const isCut = count < listing.items.length;
  const hasMore = listing.hasMore || isCut;
  return {
    returned: count,
    total: listing.total,
    total_is_floor: listing.totalIsFloor || undefined,
    has_more: hasMore,
    cursor: hasMore ? toListCursor(listing.positionAfter(count), query) : undefined,
    unreadable: (!isCut && listing.unreadable) || undefined,
  };
}
