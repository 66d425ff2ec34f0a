/** The kinds of faults that can be injected. */
export const FAULT_KINDS = [
  /** Any status with a body; by default the body of docs/defender-api.md 13.1 for that status. */
  'status',
  /** A gateway's HTML page. */
  'html',
  /** 200 with text that is not JSON. */
  'garbage',
  /** 200 without a body. */
  'empty',
  /** 200 with a content-length that is larger than what is sent; the socket is destroyed mid-JSON. */
  'truncated',
  /** The socket is destroyed without an answer. */
  'reset',
  /** Never answered. */
  'hang',
  /** Waits, then answers normally, unless the client has left by then. */
  'slow',
  /** Waits, then carries the request out, whether or not the client still listens. */
  'late',
  /** 3xx with a Location. */
  'redirect',
  /** Headers, then one byte every 50 ms without end. */
  'drip',
  /** 200 with more than 17 MiB of JSON. */
  'huge',
] as const;

export interface InjectedFault {
  kind: (typeof FAULT_KINDS)[number];
  /** For `status` (default 500), `html` (502) and `redirect` (302). */
  status?: number;
  /** Exact body for `status`. */
  body?: string;
  headers?: Record<string, string>;
  /** For `slow` and `late`; default 1000. */
  delayMs?: number;
  /** Carry the request out before failing: the write took place although the client saw a failure. */
  applied?: boolean;
  /** How many matching requests it hits; default 1, 0 = every one until cleared. */
  times?: number;
  /** Exact method; default any. */
  method?: string;
  /** Part of the request path; default any. */
  path?: string;
  /** What the request's route does; default any. */
  effect?: 'read' | 'write';
}
