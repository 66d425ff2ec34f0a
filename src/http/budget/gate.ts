import type { Fault } from '../../core/errors.ts';
import type { ServiceResponse } from '../layers.ts';

/** The place of one admitted call in the budget. One of its functions must be called, once. */
export interface Slot {
  /** For a call of which nothing has left. */
  giveBack(): void;
  /** Ends any other call. @param response undefined if there was no answer */
  release(response: ServiceResponse | undefined): void;
}

/** Admitted; or the ms to wait (Infinity: until another call ends); or the Fault that all waiting calls get. */
export type Admission = { readonly slot: Slot } | { readonly wait: number } | { readonly fault: Fault };

/** The calls that wait before a gate. */
export interface Waiters {
  count(): number;
  /** Asks the gate again for those that wait. */
  advance(): void;
}

/** Decides when a call may be sent. `admit` is asynchronous, so that a shared gate could ask a server. */
export interface Gate {
  /** Takes a slot for one call if one is free. */
  admit(): Promise<Admission>;
  /** Tells a gate whose limit changes by itself who waits before it. */
  watch?(waiters: Waiters): void;
}
