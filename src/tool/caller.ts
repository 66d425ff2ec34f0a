/** What a caller brings along: how it takes the call back, hears of progress, and whether it can ask a person. */
export interface Caller {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** Who calls; absent for this server's own calls. */
  readonly client?: ClientFacts;
  /** Puts a question to the person at the client; absent where the client cannot. */
  readonly ask?: Ask;
}

/** One session and what its client says of itself, which is text like any other. */
interface ClientFacts {
  /** Unique to the session. */
  readonly session: string;
  readonly name: string;
  readonly version: string;
}

/**
 * Asks for one line of text. Never rejects: what is no answer of a person is a refusal.
 * @param message what is to be decided
 * @param field what to type, as the field's label
 */
export type Ask = (message: string, field: string) => Promise<Reply>;

/** What the person typed, or why there is nothing. */
export type Reply =
  | { readonly typed: string }
  | { readonly refused: 'declined' | 'cancelled' | 'unanswered' | 'failed' };
