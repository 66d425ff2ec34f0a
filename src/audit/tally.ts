import type { TrailLine } from './trail_line.ts';

/** A write that was announced and of which no outcome is known. Undefined: not what the server writes. */
export interface OpenIntent {
  readonly line: number;
  readonly time: string | undefined;
  readonly tool: string | undefined;
  readonly call: string | undefined;
  /** How many items the write names. */
  readonly ids: number;
}

export interface Tally {
  readonly intents: number;
  readonly outcomes: number;
  /** Those of `outcomes` whose intents stand in the older file that this one continues. */
  readonly carried: number;
  readonly open: readonly OpenIntent[];
}

const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/;
const TOOL = /^[a-z0-9_]{1,100}$/;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Brings intents and their outcomes together; holds only the intents that are open. */
export function createTally() {
  const open = new Map<string, OpenIntent>();
  let [intents, outcomes, carried] = [0, 0, 0];
  return {
    soFar: (): Tally => ({ intents, outcomes, carried, open: [...open.values()] }),

    /** @returns why the line cannot stand where it stands, in words of our own */
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

/** Only what cannot harm a terminal: the file may have been tampered with. */
function toOpenIntent(line: number, { time, tool, call, ids }: TrailLine['members']): OpenIntent {
  return {
    line,
    time: fitting(time, TIME),
    tool: fitting(tool, TOOL),
    call: fitting(call, UUID),
    ids: Array.isArray(ids) ? ids.length : 0,
  };
}

function fitting(value: unknown, form: RegExp): string | undefined {
  return typeof value === 'string' && form.test(value) ? value : undefined;
}
