import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CancelledNotification } from '@modelcontextprotocol/sdk/types.js';

/**
 * The SDK (1.32) ignores the cancellation of a request with the id 0 or ''. Clients may use the same SDK, so the ids of
 * our own requests, which ask a person, begin at 1, and our handler cancels a call of any id. Three private
 * members of the SDK's server are needed for it: package.json therefore allows 1.32 only, and a test checks both ids.
 */
export function fixRequestIds(server: Server): void {
  const running: unknown = Reflect.get(server, '_requestHandlerAbortControllers');
  const cancel = async ({ params: { requestId, reason } }: CancelledNotification) => {
    const controller = running instanceof Map && requestId !== undefined ? running.get(requestId) : undefined;
    if (controller instanceof AbortController) controller.abort(reason);
  };
  Object.assign(server, { _requestMessageId: 1, _oncancel: cancel });
}
