import type { Path } from '../core/path.ts';

/** A request to the service. `effect`, not `method`, decides whether it may be repeated: a POST may only list. */
export interface ServiceRequest {
  readonly method: 'GET' | 'POST';
  readonly path: Path;
  readonly body: string | undefined;
  readonly effect: 'read' | 'write';
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  /** Upper bound for this attempt in ms; the sender's own timeout applies if it is lower. */
  readonly timeoutMs?: number;
  /** No caller waits for the answer, so the request comes last in the queue. */
  readonly background?: boolean | undefined;
  /** The same object for all attempts of a request, which keep one position in the queue by it. */
  readonly ticket: object;
  /** Called while the request waits for the call budget, with the number of calls ahead of it. */
  readonly onWait?: (ahead: number) => void;
  /** Asks the person at the client to open an address; absent if the client cannot. */
  readonly openUrl?: OpenUrl | undefined;
}

/** Asks a person to open an address. Never rejects: if nobody answers, nobody has refused. */
export type OpenUrl = (url: string, message: string) => Promise<'accepted' | 'refused'>;

export interface ServiceResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Why the body could not be decoded; it is empty then. */
  readonly undecoded?: Undecoded;
}

/** The body has a content coding that we do not know, is damaged or cut short, or is too large once decoded. */
export type Undecoded = 'unknown_coding' | 'damaged' | 'too_large';

/** Sends one request and returns its answer of any status. @throws Fault if there is none, or after too many 429 */
export type Send = (request: ServiceRequest) => Promise<ServiceResponse>;

/** Adds one concern to a Send. */
export type Layer = (next: Send) => Send;

/** Wraps `send` in layers, the outermost first. */
export function compose(layers: readonly Layer[], send: Send): Send {
  return layers.reduceRight((next, layer) => layer(next), send);
}
