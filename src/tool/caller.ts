import type { OpenUrl } from '../http/client.ts';

/** The caller of a tool or resource: its cancellation, its progress reports, and a way to ask a person. */
export interface Caller {
  readonly signal: AbortSignal;
  readonly progress: (message: string) => void;
  /** Absent for calls that no client makes. */
  readonly client?: ClientFacts;
  /** Asks the person at the client; absent if the client cannot do that. */
  readonly ask?: Ask;
  /** Asks the person at the client to open an address; absent if the client cannot. */
  readonly openUrl?: OpenUrl;
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
 * Asks for one line of text. Never rejects: if no person answers, it resolves to a refusal.
 * @param message what is to be decided
 * @param field what to type, as the field's label
 */
export type Ask = (message: string, field: string) => Promise<Reply>;

/** What the person typed, or why nothing was typed. */
export type Reply =
  | { readonly typed: string }
  | { readonly refused: 'declined' | 'cancelled' | 'unanswered' | 'failed' };
