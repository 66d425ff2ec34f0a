import { CODES, type Code, type CodeRow } from './codes.ts';

export type { Code } from './codes.ts';

export interface FaultOptions {
  /** Seconds after which a retry can help, if the service has told them. */
  retryAfter?: number | undefined;
  /** For a write: the service may have carried it out although we saw a failure. */
  mayHaveHappened?: boolean | undefined;
  /** The HTTP status that was answered, if any. */
  status?: number | undefined;
  /** What to do about this very failure, in place of the remedy of its code. */
  remedy?: string | undefined;
  /** Whether the same call can succeed later, in place of what its code says. */
  retry?: CodeRow['retry'] | undefined;
  cause?: unknown;
}

/** The error type of this server. `detail` must be our own sentence, without anything of a service's body. */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: Code;
  readonly detail: string;
  readonly retryAfter: number | undefined;
  readonly mayHaveHappened: boolean;
  readonly status: number | undefined;
  readonly remedy: string;
  readonly retry: CodeRow['retry'];

  constructor(code: Code, detail: string, options: FaultOptions = {}) {
    super(`${code}: ${detail}`, { cause: options.cause });
    this.code = code;
    this.detail = detail;
    this.retryAfter = options.retryAfter;
    this.mayHaveHappened = options.mayHaveHappened ?? false;
    this.status = options.status;
    this.remedy = options.remedy ?? CODES[code].remedy;
    this.retry = options.retry ?? CODES[code].retry;
  }
}

/** Any thrown value as a Fault. Other errors are defects of ours; their messages may contain data and are not shown. */
export function toFault(error: unknown): Fault {
  return error instanceof Fault
    ? error
    : new Fault('internal', 'An unexpected error stopped the call.', { cause: error });
}

/** The text an agent reads: what failed, why, what to do, a valid example, and whether a retry helps. */
export function faultText(fault: Fault, example?: string): string {
  return [
    `${fault.code}: ${fault.detail}`,
    `Why: ${CODES[fault.code].meaning}`,
    `To do: ${fault.mayHaveHappened ? 'Read the present state first. ' : ''}${fault.remedy}`,
    ...(example === undefined ? [] : [`Valid example: ${example}`]),
    `Retry: ${retryAdvice(fault)}`,
  ].join('\n');
}

function retryAdvice(fault: Fault): string {
  if (fault.mayHaveHappened) return 'read the present state first; the change may have been carried out.';
  if (fault.retry === 'no') return 'the same call will fail again.';
  if (fault.retry === 'safe') return 'safe at any time.';
  return `may help after ${fault.retryAfter ?? 30} seconds.`;
}
