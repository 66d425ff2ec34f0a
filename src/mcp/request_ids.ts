import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CancelledNotification } from '@modelcontextprotocol/sdk/types.js';

/**
 * The SDK (1.32) ignores the cancellation of a request whose id is 0 or empty. So the ids of our own requests, which
 * ask a person, begin with 1, and a call with any id can be cancelled. This needs three private members of the SDK's
 * server: package.json therefore allows 1.32 only, and tests fail where one of them is gone.
 */
export function mendRequestIds(server: Server): void {
  const running: unknown = Reflect.get(server, '_requestHandlerAbortControllers');
  const cancel = async ({ params: { requestId, reason } }: CancelledNotification) => {
    const controller = running instanceof Map && requestId !== undefined ? running.get(requestId) : undefined;
    if (controller instanceof AbortController) controller.abort(reason);
  };
  Object.assign(server, { _requestMessageId: 1, _oncancel: cancel });
}
