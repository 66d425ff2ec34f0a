import { type ErrorAnswer, errorAnswer, type Id, RPC } from '../json_rpc.ts';
import type { Methods } from '../methods.ts';
import type { Refusal } from '../outcome.ts';
import { withheld } from '../withheld.ts';
import { createHandlers } from './handlers.ts';
import type { Listen } from './listen.ts';
import { type Exchange, type ModernRequest, REVISION } from './request.ts';

/** Answers requests, each by itself. */
export interface ModernServer extends Pick<Listen, 'end'> {
  /** Never rejects. The answer to a cancelled request must not be sent. */
  answer(request: ModernRequest, exchange: Exchange): Promise<Response>;
}

type Response = ErrorAnswer | { readonly jsonrpc: '2.0'; readonly id: Id; readonly result: object };

/** The client has asked for a revision that is not served (specification 2026-07-28, basic/versioning). */
const UNSUPPORTED_REVISION = -32_022;

export function createModernServer(methods: Methods): ModernServer {
  const { handlers, end } = createHandlers(methods);
  const respond = async (request: ModernRequest, exchange: Exchange): Promise<Response> => {
    const { id, method, revision } = request;
    if (revision !== REVISION) {
      const { error, ...rest } = errorAnswer(id, UNSUPPORTED_REVISION, `The revision must be ${REVISION}.`);
      return { ...rest, error: { ...error, data: { supported: [REVISION], requested: revision } } };
    }
    const handle = handlers.get(method);
    if (!handle) return errorAnswer(id, RPC.methodNotFound, 'There is no such method.');
    const outcome = await handle(request, exchange);
    return 'result' in outcome ? { jsonrpc: '2.0', id, result: outcome.result } : refusalAnswer(id, outcome.refusal);
  };
  return {
    end,
    async answer(request, { notify, ...exchange }) {
      const filtered = (notification: object) => notify(withheld(notification, methods.withhold));
      try {
        return withheld(await respond(request, { ...exchange, notify: filtered }), methods.withhold);
      } catch {
        return errorAnswer(request.id, RPC.internalError, 'An unexpected error stopped the request.');
      }
    },
  };
}

const CODES = {
  invalid: RPC.invalidParams,
  no_such_resource: RPC.invalidParams,
  internal: RPC.internalError,
} as const satisfies Record<Refusal['kind'], number>;

function refusalAnswer(id: Id, { kind, message, data }: Refusal): ErrorAnswer {
  return { jsonrpc: '2.0', id, error: { code: CODES[kind], message, ...(data && { data }) } };
}
