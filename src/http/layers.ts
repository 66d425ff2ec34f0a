import type { Path } from '../core/path.ts';

/** One request on its way through the layers. A POST that only lists is a read: `effect` decides about repeats. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly path: Path;
  readonly body: string | undefined;
  readonly effect: 'read' | 'write';
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  /** Upper bound for this attempt in ms; the sender's own timeout holds where it is lower. */
  readonly timeoutMs?: number;
  /** Nobody waits for it: it stands behind everyone in the queue. */
  readonly background?: boolean | undefined;
  /** The same object over all attempts of a request: it keeps its place in the queue by it. */
  readonly ticket: object;
  /** Told when the call has to wait for the budget: how many calls stand before it. */
  readonly onWait?: (ahead: number) => void;
}

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries one request to the service. Any status is an answer; throws a Fault where there is none. */
export type Send = (request: ServiceRequest) => Promise<ServiceResponse>;

/** Wraps a Send in one concern. */
export type Layer = (next: Send) => Send;

/** Outermost layer first. */
export function compose(layers: readonly Layer[], send: Send): Send {
  return layers.reduceRight((next, layer) => layer(next), send);
}
