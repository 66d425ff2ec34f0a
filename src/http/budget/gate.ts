import type { Fault } from '../../core/errors.ts';
import type { ServiceResponse } from '../layers.ts';

/** Admitted; or the ms to wait (Infinity: until another call ends); or the Fault that all waiting calls get. */
type Admission = 'admitted' | { readonly wait: number } | { readonly fault: Fault };

/** Decides when a call may be sent. `admit` is asynchronous, so that a shared gate could ask a server. */
export interface Gate {
  /** Takes a slot for one call if one is free. */
  admit(): Promise<Admission>;
  /** Gives back the slot of an admitted call that was not sent. */
  giveBack(): void;
  /** Ends a call that was admitted. @param response undefined if there was no answer */
  release(response: ServiceResponse | undefined): void;
}
