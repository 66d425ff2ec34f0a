import type { OpenUrl } from '../http/client.ts';

/** The caller of a tool or resource: its cancellation, its progress reports, and a way to ask a person. */
export interface Caller {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** As W3C Trace Context writes it; absent if the client has sent none. */
  readonly traceparent?: string;
  /** Absent for calls that no client makes. */
  readonly client?: ClientFacts;
  /** Asks the person at the client; absent if the client cannot do that. */
  readonly ask?: Ask;
  /** Asks the person at the client to open an address; absent if the client cannot. */
  readonly openUrl?: OpenUrl;
  /** The answer to a question that an earlier call has left open. */
  readonly answered?: Answered;
}

/** Who has signed in. */
export interface Identity {
  /** Unique to the caller, whatever kind of credential it has. */
  readonly id: string;
  /** For the audit trail: the name of an API key, or the object id of a user or an app. */
  readonly name: string;
  /** Of a user or an app. */
  readonly tenant?: string;
  /** Whether tools that change something are listed and run. */
  readonly mayWrite: boolean;
  /** When the credential stops being good, ms since the epoch. */
  readonly until?: number;
}

/** One session, and what its client says about itself, which is untrusted text. */
interface ClientFacts {
  /** Unique to the session. */
  readonly session: string;
  /** Absent where nobody has to sign in. */
  readonly identity?: Identity | undefined;
  readonly name: string;
  readonly version: string;
}

/**
 * Asks for one line of text. Rejects only as `resume` does: if no person answers, it resolves to a refusal.
 * @param message what is to be decided
 * @param field what to type, as the field's label
 * @param resume makes the text by which the same call, coming again with the answer, goes on from here. Whoever can
 *   only ask in that way calls it, and resolves to `later`
 */
export type Ask = (message: string, field: string, resume: () => Promise<string>) => Promise<Reply>;

/** What the person typed, or why nothing was typed. */
export type Reply =
  | { readonly typed: string }
  | { readonly refused: 'declined' | 'cancelled' | 'unanswered' | 'failed' | 'later' };

/** A person's answer, and what `resume` has made for it. It comes from the client, so anybody may have made it up. */
export interface Answered {
  readonly resumed: string;
  readonly reply: Reply;
}
