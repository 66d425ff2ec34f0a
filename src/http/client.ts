import type * as z from 'zod';
import { toFault } from '../core/errors.ts';
import type { Path } from '../core/path.ts';
import { nextTurn } from '../core/turns.ts';
import { USER_AGENT } from '../core/version.ts';
import type { OpenUrl, Send, ServiceRequest, ServiceResponse } from './layers.ts';
import { assertApproved, assertNamedTargets } from './named_targets.ts';
import { readReply } from './reply.ts';
import type { Routes } from './undocumented_routes.ts';

export type { OpenUrl } from './layers.ts';

type OnAnswer = (headers: ServiceResponse['headers']) => void;

/** The client of the service without writes, bound to one call: to its cancellation and its progress. */
export interface ReadApi {
  /** `scheme://host[:port]` of the tenant, for links. */
  readonly origin: string;
  readonly routes: Routes;
  /**
   * GET, or POST if there is a body. For requests that change nothing, as they may be repeated.
   * @param onAnswer is given the headers of the reply, with names in lower case
   */
  read<T>(path: Path, schema: z.ZodType<T>, body?: object, onAnswer?: OnAnswer): Promise<T>;
  /** Reports the progress of a long call to the MCP client. */
  progress(message: string): void;
}

/** The client of the service with writes, limited to the approved items. Only the write flow hands it out. */
export interface WriteApi extends ReadApi {
  /**
   * POST that changes something. It is sent once, and again only after a 429, which comes before it is carried out
   * (docs/defender-api.md 2.3). An empty reply reaches `schema` as undefined.
   * @throws Fault `internal`, and sends nothing, if it names no approved item or its filters name another
   */
  write<T>(path: Path, schema: z.ZodType<T>, body: object): Promise<T>;
}

/** The call that a client is bound to. */
interface CallBinding {
  readonly signal: AbortSignal;
  readonly progress: ReadApi['progress'];
  readonly background?: boolean | undefined;
  readonly openUrl?: OpenUrl | undefined;
}

/** A call that may write. */
interface WriteBinding extends CallBinding {
  /** Ids of the items that may be changed. */
  readonly approved: ReadonlySet<string>;
  /** Called with the HTTP status of each write that was answered. */
  readonly onWritten: (status: number) => void;
}

/** Makes the clients for the calls to one tenant. */
export interface ServiceClient {
  reader(call: CallBinding): ReadApi;
  writer(call: WriteBinding): WriteApi;
}

export interface ClientOptions {
  readonly origin: string;
  /** All layers, composed. */
  readonly send: Send;
  readonly routes: Routes;
}

const HEADERS = {
  accept: 'application/json',
  'accept-encoding': 'identity',
  'content-type': 'application/json',
  'user-agent': USER_AGENT,
};

/** In characters. */
const LONG_REPLY = 256 * 1024;

export function createClient({ origin, send: sendNow, routes }: ClientOptions): ServiceClient {
  const send: Send = async (request) => {
    const response = await sendNow(request);
    // Signals and other calls are handled between the reading of a long reply and its parsing.
    if (response.body.length > LONG_REPLY) await nextTurn();
    return response;
  };
  const reader = (call: CallBinding): ReadApi => ({
    origin,
    routes,
    progress: call.progress,
    async read(path, schema, body, onAnswer) {
      const request = toRequest('read', path, body, call);
      assertNamedTargets(path, request.body);
      const response = await send(request);
      onAnswer?.(response.headers);
      return readReply(response, 'read', schema);
    },
  });
  return {
    reader,
    writer: (call) => ({
      ...reader(call),
      async write(path, schema, body) {
        const request = toRequest('write', path, body, call);
        assertNamedTargets(path, request.body);
        assertApproved(path, request.body, call.approved);
        const response = await send(request).catch((error) => {
          // The sign-in by Entra turns a refusal of the service into its own error, which holds the status.
          const { status } = toFault(error);
          if (status !== undefined) call.onWritten(status);
          throw error;
        });
        call.onWritten(response.status);
        return readReply(response, 'write', schema);
      },
    }),
  };
}

function toRequest(
  effect: ServiceRequest['effect'],
  path: Path,
  body: object | undefined,
  { signal, progress, background, openUrl }: CallBinding,
): ServiceRequest {
  return {
    method: body === undefined ? 'GET' : 'POST',
    path,
    body: body === undefined ? undefined : JSON.stringify(body),
    effect,
    headers: HEADERS,
    signal,
    background,
    openUrl,
    ticket: {},
    onWait: (ahead) => progress(`Waiting for the call budget, ${ahead} calls ahead.`),
  };
}
