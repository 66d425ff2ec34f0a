import { type McpRoute, SESSION_ID } from '../http/mcp_route.ts';
import type { SessionIds } from '../http/session_id.ts';
import type { Owners } from './owners.ts';
import { callerOf, readOnce } from './requests.ts';
import { subscriptionsIn } from './subscriptions.ts';

export interface NotedRouteOptions {
  readonly route: McpRoute;
  readonly ids: SessionIds;
  readonly owners: Owners;
  /** The sessions that this replica holds, with the resources that they are subscribed to. */
  readonly held: ReadonlyMap<string, Set<string>>;
}

/** Notes what sessions subscribe to, for the replica that takes them over. */
export function createNotedRoute({ route, ids, owners, held }: NotedRouteOptions): McpRoute {
  return {
    ...route,
    async POST(posted) {
      const request = readOnce(posted);
      const response = await route.POST(request);
      const record = response.ok ? ids.read(request.headers.get(SESSION_ID) ?? '', callerOf(request)) : undefined;
      if (!record) return response;
      for (const { uri, isSubscribed } of subscriptionsIn((await request.text()) ?? '')) {
        const uris = held.get(record.session);
        if (isSubscribed) uris?.add(uri);
        else uris?.delete(uri);
        await owners.note(record.session, uri, isSubscribed).catch(() => {});
      }
      return response;
    },
  };
}
