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
  /** Parsed JSON; undefined if the body is not JSON. */
  body: unknown;
  rawBody: string;
  /** What its route does; a request without a route counts as a write, unless it is a GET. */
  effect: 'read' | 'write';
  /** Undefined until answered. */
  status: number | undefined;
}
