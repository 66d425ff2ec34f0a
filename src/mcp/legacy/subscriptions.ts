import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { SubscribeRequestSchema, UnsubscribeRequestSchema } from '@modelcontextprotocol/sdk/types.js';

/** @returns what ends the subscription @throws McpError */
type Subscribe = (uri: string, changed: () => void) => Promise<() => void>;

/** Subscriptions of a session, which end with it. */
export function addSubscriptions(server: Server, subscribe: Subscribe): void {
  const subscribed = new Map<string, Promise<() => void>>();
  // The send fails if the session has closed meanwhile; that is not an error.
  const subscribeTo = (uri: string) => subscribe(uri, () => void server.sendResourceUpdated({ uri }).catch(() => {}));
  const unsubscribe = async (uri: string) => {
    const subscription = subscribed.get(uri);
    subscribed.delete(uri);
    (await subscription)?.();
  };
  server.setRequestHandler(SubscribeRequestSchema, async ({ params: { uri } }) => {
    const subscribing = subscribed.get(uri) ?? subscribeTo(uri);
    subscribed.set(uri, subscribing);
    try {
      await subscribing;
      return {};
    } catch (error) {
      subscribed.delete(uri);
      throw error;
    }
  });
  server.setRequestHandler(UnsubscribeRequestSchema, async ({ params: { uri } }) => {
    await unsubscribe(uri);
    return {};
  });
  const closed = server.onclose;
  server.onclose = () => {
    for (const uri of subscribed.keys()) void unsubscribe(uri).catch(() => {});
    closed?.();
  };
}
