import type { IncomingHttpHeaders } from 'node:http';

/** A request to the API as it arrived; the control path is not recorded. */
export interface RecordedRequest {
  /** Arrival, ms by the emulator's clock. */
  at: number;
  method: string;
  /** Without the query string. */
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** Parsed JSON; undefined when the body is none. */
  body: unknown;
  rawBody: string;
  /** What its route asks for; a request that no route answers counts as a write. */
  effect: 'read' | 'write';
  /** Undefined until answered. */
  status: number | undefined;
}
