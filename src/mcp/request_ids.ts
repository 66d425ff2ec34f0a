import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import type { CancelledNotification } from '@modelcontextprotocol/sdk/types.js';

/**
 * The SDK (1.32) passes over the cancellation of a request whose id is 0 or empty. So our own requests, which ask a
 * person, begin with 1, and a call of any id can be taken back; tests hold both.
 */
export function mendRequestIds(server: Server): void {
  const running: unknown = Reflect.get(server, '_requestHandlerAbortControllers');
  const cancel = async ({ params: { requestId, reason } }: CancelledNotification) => {
    const controller = running instanceof Map && requestId !== undefined ? running.get(requestId) : undefined;
    if (controller instanceof AbortController) controller.abort(reason);
  };
  Object.assign(server, { _requestMessageId: 1, _oncancel: cancel });
}
