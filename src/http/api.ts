import type * as z from 'zod';
import { type Code, Fault } from '../errors.ts';
import type { Path } from '../path.ts';
import { assertNamedTargets } from './guard.ts';
import type { Routes } from './routes.ts';

/** One request on its way through the layers. A POST that only lists is a read: `effect` decides about repeats. */
export interface ApiRequest {
  readonly method: 'GET' | 'POST';
  readonly path: Path;
  readonly body: string | undefined;
  readonly effect: 'read' | 'write';
  readonly signal: AbortSignal;
  readonly headers: Readonly<Record<string, string>>;
  /** Upper bound for this attempt in ms; the sender's own timeout holds where it is lower. */
  readonly timeoutMs?: number;
  /** Nobody waits for it: it stands behind everyone in the line. */
  readonly background?: boolean | undefined;
  /** The same object over all attempts of a request: it keeps its place in the line by it. */
  readonly ticket: object;
  /** Told when the call has to wait for the budget: how many calls stand before it. */
  readonly onWait?: (ahead: number) => void;
}

export interface ApiResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Carries one request to the service. Any status is an answer; throws a Fault where there is none. */
export type Send = (request: ApiRequest) => Promise<ApiResponse>;

/** Wraps a Send in one concern. */
export type Layer = (next: Send) => Send;

/** Outermost layer first. */
export function compose(layers: readonly Layer[], send: Send): Send {
  return layers.reduceRight((next, layer) => layer(next), send);
}

/** What an operation sees of the service, bound to one call: its cancellation and its progress. It cannot write. */
export interface ReadApi {
  /** `scheme://host[:port]` of the tenant, for links. */
  readonly origin: string;
  readonly routes: Routes;
  /** GET, or POST where a body is given; changes nothing and may be repeated. The reply is parsed by `schema`. */
  read<T>(path: Path, schema: z.ZodType<T>, body?: object): Promise<T>;
  /** Tells the client how far a long call has come. */
  progress(message: string): void;
}

/** The service with its writes; only a write that may be carried out is given it. */
export interface Api extends ReadApi {
  /** POST that changes something; leaves this process once. An empty reply reaches `schema` as undefined. */
  write<T>(path: Path, schema: z.ZodType<T>, body: object): Promise<T>;
}

/** One call, as the service's client is bound to it. */
export interface Binding {
  readonly signal: AbortSignal;
  readonly progress: ReadApi['progress'];
  readonly background?: boolean | undefined;
  /** Told the HTTP status of each write that was answered. */
  readonly onWritten?: (status: number) => void;
}

export interface ApiOptions extends Binding {
  readonly origin: string;
  readonly send: Send;
  readonly routes: Routes;
}

/** Binds the layered sender to one call. */
export function createApi(options: ApiOptions): Api {
  const { origin, send, routes, signal, progress, background, onWritten } = options;
  const onWait = (ahead: number) => progress(`Waiting for the call budget, ${ahead} calls ahead.`);
  const call = async <T>(effect: 'read' | 'write', path: Path, schema: z.ZodType<T>, body?: object): Promise<T> => {
    const text = body === undefined ? undefined : JSON.stringify(body);
    assertNamedTargets(path, text);
    const method = text === undefined ? 'GET' : 'POST';
    const headers = { accept: 'application/json', 'content-type': 'application/json' };
    const response = await send({ method, path, body: text, effect, signal, headers, background, ticket: {}, onWait });
    if (effect === 'write') onWritten?.(response.status);
    return toReply(response, effect, schema);
  };
  return {
    origin,
    routes,
    progress,
    read: (path, schema, body) => call('read', path, schema, body),
    write: (path, schema, body) => call('write', path, schema, body),
  };
}

/** The service as those see it who may change nothing. */
export function readOnly({ write: _, ...reader }: Api): ReadApi {
  return reader;
}

function toReply<T>(response: ApiResponse, effect: 'read' | 'write', schema: z.ZodType<T>): T {
  if (response.status < 200 || response.status > 299) throw statusFault(response, effect);
  const reply = parseJson(response.body);
  const parsed = reply.isJson ? schema.safeParse(reply.value) : undefined;
  if (parsed?.success) return parsed.data;
  throw new Fault('unreadable', `The service answered HTTP ${response.status} with something else than expected.`, {
    mayHaveHappened: effect === 'write',
  });
}

/** An empty body counts as undefined. */
function parseJson(text: string): { isJson: true; value: unknown } | { isJson: false } {
  if (text.trim() === '') return { isJson: true, value: undefined };
  try {
    return { isJson: true, value: JSON.parse(text) };
  } catch {
    return { isJson: false };
  }
}

const BY_STATUS: Readonly<Record<number, Code>> = {
  401: 'unauthorized',
  403: 'forbidden',
  404: 'not_found',
  405: 'route_refused',
  409: 'conflict',
  429: 'throttled',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** A timeout and a conflict do not tell whether the service has acted. */
const UNSURE: ReadonlySet<number> = new Set([408, 409]);

function statusFault({ status }: ApiResponse, effect: 'read' | 'write'): Fault {
  const other: Code = status < 400 ? 'redirected' : status < 500 ? 'rejected' : 'service_error';
  return new Fault(BY_STATUS[status] ?? other, `The service answered HTTP ${status}.`, {
    mayHaveHappened: effect === 'write' && (status >= 500 || UNSURE.has(status)),
  });
}
