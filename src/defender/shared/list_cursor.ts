import { createHash } from 'node:crypto';
import * as z from 'zod';
import { Fault } from '../../core/errors.ts';

/** Where a list goes on. Times are ms since the epoch by the service's clock. */
export interface ListPosition {
  /** How many items the answers before have returned. */
  readonly delivered: number;
  /** How many records to pass over; of those at `until` and before, if there is an `until`. */
  readonly skip: number;
  /** No later record is read, so that records which arrive meanwhile shift nothing. */
  readonly until?: number | undefined;
  /** The first call's lower bound; a span such as `24h` would move with the clock. */
  readonly since?: number | undefined;
}

export const START: ListPosition = { delivered: 0, skip: 0 };

const HASH_LENGTH = 6;
/** Digits cost an agent half of what base64 costs. `l1` names the layout for later versions. */
const FORM = /^l1\.(\d{1,9})\.(\d{1,9})\.(\d{0,15})\.(\d{0,15})\.([\w-]{6})$/;

/** An argument of every list. */
export const cursor = z.string().max(200).optional().meta({ description: 'From the last answer' });

/**
 * A position as text. It needs no memory of the server, so that it outlives a restart.
 * @param query what the list is of: the same arguments give the same list
 */
export function toListCursor({ delivered, skip, until, since }: ListPosition, query: object): string {
  return ['l1', delivered, skip, until, since, hashOf(query)].join('.');
}

/** @throws Fault `invalid_input` for a text that is no cursor, or the cursor of another list */
export function fromListCursor(text: string | undefined, query: object): ListPosition {
  if (text === undefined) return START;
  const [, delivered, skip, until, since, hash] = FORM.exec(text) ?? [];
  if (hash === undefined) throw refused('is damaged, or not one that this tool has returned');
  if (hash !== hashOf(query)) throw refused('is of a call with other arguments; call with the same ones');
  return { delivered: Number(delivered), skip: Number(skip), until: toTime(until), since: toTime(since) };
}

/** Whether a text is the cursor of this list. */
export function isCursorOf(text: string | undefined, query: object): boolean {
  return text !== undefined && FORM.exec(text)?.[5] === hashOf(query);
}

function toTime(digits: string | undefined): number | undefined {
  return digits ? Number(digits) : undefined;
}

function refused(why: string): Fault {
  return new Fault('invalid_input', `cursor: it ${why}. Leave it out to begin at the first item.`);
}

/** The query's members in a fixed order, hashed. */
function hashOf(query: object): string {
  const members = Object.entries(query)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url').slice(0, HASH_LENGTH);
}
