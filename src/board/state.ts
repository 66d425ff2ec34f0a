import type { Evidence, Item, Queue } from './alerts.ts';
import { ALL, type View } from './arrange.ts';
import { type Context, NO_CONTEXT } from './context.ts';
import type { JsonObject } from './json.ts';

/** How a person can close an alert. */
export type Verdict = 'true_positive' | 'benign' | 'false_positive';

/** A call of a tool. */
export interface Call {
  readonly tool: string;
  readonly args: JsonObject;
}

/** The alert that is looked at. */
export interface Opened {
  readonly id: string;
  /** Its row, if it was opened from the queue. */
  readonly item?: Item | undefined;
  readonly evidence?: Evidence | undefined;
  /** Of its first user; absent until they are read. */
  readonly others?: readonly Item[] | undefined;
}

/** A change of alerts that a person has asked for. */
export interface Change extends Call {
  readonly ids: readonly string[];
  /** What a closed alert becomes; absent for a mark. */
  readonly verdict?: Verdict | undefined;
  /** What was done, completed by the number of alerts: `Closed 1 alert as benign.` */
  readonly done: string;
}

/** How far a change has come: its form, a call that is out, or the plan, which waits for its phrase. */
export type Step =
  | { readonly at: 'form' }
  | { readonly at: 'asking' }
  | {
      readonly at: 'plan';
      readonly change: Change;
      readonly plan: string;
      readonly phrase: string;
      readonly code: string;
    }
  | { readonly at: 'writing' };

export interface State {
  readonly context: Context;
  readonly isDemo: boolean;
  /** The call that the queue is the answer of. */
  readonly list: Call;
  readonly queue?: Queue | undefined;
  readonly view: View;
  /** Ids of alerts that have come while the board was open. */
  readonly fresh: ReadonlySet<string>;
  readonly isLoading: boolean;
  readonly isWatching: boolean;
  readonly opened?: Opened | undefined;
  readonly step?: Step | undefined;
  /** Said to everybody, also by screen readers. */
  readonly notice: string;
  readonly problem: string;
  /** An answer that has no value to show. */
  readonly plainText?: string | undefined;
  /** ms since the epoch */
  readonly now: number;
}

export const OPEN_LIST: Call = { tool: 'mdca_get_open_alerts', args: {} };

export interface Store {
  get(): State;
  set(change: Partial<State>): void;
  /** Calls back after each change. */
  listen(listener: () => void): () => void;
}

export function createStore(): Store {
  let state: State = {
    context: NO_CONTEXT,
    isDemo: false,
    list: OPEN_LIST,
    view: ALL,
    fresh: new Set(),
    isLoading: false,
    isWatching: false,
    notice: '',
    problem: '',
    now: Date.now(),
  };
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
