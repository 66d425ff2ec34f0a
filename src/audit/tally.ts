import type { TrailLine } from './trail_line.ts';

/** An intent without an outcome. A member is undefined if it is not in the form that the server writes. */
export interface OpenIntent {
  readonly line: number;
  readonly time: string | undefined;
  readonly tool: string | undefined;
  readonly call: string | undefined;
  /** Number of items that the write names. */
  readonly ids: number;
}

export interface Tally {
  readonly intents: number;
  readonly outcomes: number;
  /** Those of `outcomes` whose intents are in the older file that this one continues. */
  readonly carried: number;
  readonly open: readonly OpenIntent[];
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const TOOL = /^[a-z0-9_]{1,100}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Matches outcomes with their intents; keeps only the open intents in memory. */
export function createTally() {
  const open = new Map<string, OpenIntent>();
  let [intents, outcomes, carried] = [0, 0, 0];
  return {
    soFar: (): Tally => ({ intents, outcomes, carried, open: [...open.values()] }),

    /** @returns why the line cannot be valid here, in our own words; undefined if it is valid */
    take({ n, members }: TrailLine, isContinued: boolean): string | undefined {
      const { event, call } = members;
      if (typeof call !== 'string' || (event !== 'intent' && event !== 'outcome')) {
        return 'it is neither an intent nor an outcome';
      }
      const known = open.get(call);
      if (event === 'intent') {
        if (known) return `it repeats the intent of line ${known.line}`;
        open.set(call, toOpenIntent(n, members));
        intents += 1;
        return undefined;
      }
      if (!known && !isContinued) return 'it is an outcome without an intent, or a second one';
      open.delete(call);
      outcomes += 1;
      carried += known ? 0 : 1;
      return undefined;
    },
  };
}

/** Keeps only values that are safe on a terminal, because somebody may have tampered with the file. */
function toOpenIntent(line: number, { time, tool, call, ids }: TrailLine['members']): OpenIntent {
  return {
    line,
    time: matching(time, TIME),
    tool: matching(tool, TOOL),
    call: matching(call, UUID),
    ids: Array.isArray(ids) ? ids.length : 0,
  };
}

function matching(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}
