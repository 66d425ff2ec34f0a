import type { Identity } from '../../../tool/caller.ts';

/** How many requests may wait for their answers. */
export interface CallLimits {
  readonly perSession: number;
  readonly total: number;
}

/** A request whose sender may come in. */
export interface McpRequest {
  readonly headers: Headers;
  readonly identity: Identity | undefined;
  /** Reads the body; undefined if it is too long. */
  readonly text: () => Promise<string | undefined>;
  /** Aborted when the client has gone before it was answered. */
  readonly gone: () => AbortSignal;
}

/** Acts when the client has gone, at once if that has come before. */
export function whenGone({ gone }: Pick<McpRequest, 'gone'>, act: () => void): void {
  const signal = gone();
  if (signal.aborted) act();
  else signal.addEventListener('abort', act);
}
