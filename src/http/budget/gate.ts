import type { Fault } from '../../core/errors.ts';
import type { ServiceResponse } from '../layers.ts';

/** Whether a call may leave now: yes, not before so many ms (Infinity: not before another ends), or never. */
type Admission = 'admitted' | { readonly wait: number } | { readonly fault: Fault };

/** Decides when a call may leave. A gate that several processes share asks a server, so it answers later. */
export interface Gate {
  /** Takes a place for one call, where one is free. */
  admit(): Promise<Admission>;
  /** Gives back the place of a call that did not leave after all. */
  giveBack(): void;
  /** Ends a call that has left. @param response undefined where we never saw one */
  release(response: ServiceResponse | undefined): void;
}
