/** What a process tells the others of its tenant about its calls. */
interface Report {
  /** The most calls that it counts at a time, now and until it has said otherwise. */
  readonly held: number;
  /** Calls that it counts now. */
  readonly counted: number;
  /** The most that it counts before it tells again: what it does not lose where it ends without a word. */
  readonly armed: number;
  /** Calls that it counts or that wait. */
  readonly need: number;
  /** Answers in the last minute, or in the minute before a pause, that were not a 429. */
  readonly accepted: number;
}

/** What a process learns from that. */
export interface Grant {
  /** The most calls that it may count at a time; less than it has told only where it has been taken for ended. */
  readonly held: number;
  /** The most that all may count, less than the setting after a 429. */
  readonly limit: number;
  /** How many processes share it. */
  readonly members: number;
  /** How many calls of others wait for which nothing is free. */
  readonly wanted: number;
  /** The same for those that have less than an equal share; or all hold more than the limit. */
  readonly owed: number;
  /** What is left of the pause that a 429 asked for, ms. */
  readonly pause: number;
}

/** The processes that share the call budget of a tenant. Each function rejects while they cannot be reached. */
export interface Team {
  exchange(report: Report): Promise<Grant>;
  /** Tells all of a 429. */
  throttled(pauseMs: number): Promise<void>;
  /** After a pause. @returns whether this process may send the one call that goes alone */
  resume(): Promise<boolean>;
  /** The call that went alone was answered. */
  resumed(): Promise<void>;
  /** Gives everything back but what still counts for so long, ms. */
  leave(held: number, ms: number): Promise<void>;
  /** Calls back when an exchange is worth while: others have told something, or can be reached again. */
  onNews(listener: () => void): void;
}
